/// A way in which a node can be wrong that works alone as it should. The kit is proved by them: a test runs each
/// fault's cases on a `FaultyBed` and holds them to failing.
package enum NodeFault: String, Sendable, CaseIterable {
  /// Its data model stays the one that it knew first, whatever it is told.
  case modelNeverCatchesUp
  /// It does plans that were made under an earlier data model.
  case olderPlansAreDone
  /// Says of each deploy that it is the next one after what was in force when it began.
  case deploysAreNotCompared
  /// Knows only of those indexes that they are built which its own deploys wanted.
  case indexesAreItsOwn
  /// Who waits there hears nothing of what other nodes write.
  case waitersHearOnlyTheirOwn
  /// Answers a write when the next one comes to be stored.
  case writesAreAnsweredEarly
  /// Has a feed id of its own.
  case feedIsItsOwn
  /// Writes at its own time, also where that is behind.
  case timeIsItsOwn
  /// Gives leases to its own callers, and asks no other node.
  case leasesAreItsOwn
  /// Does what is written under an older number of a lease.
  case leaseNumberIsNotChecked
  /// Writes an object whatever its last write was.
  case conditionsAreNotChecked
  /// Keeps a webhook whatever revision it was changed from.
  case webhookRevisionIsNotChecked
  /// Writes for devices that are signed out.
  case sessionsAreNotChecked
  /// Never says that sessions may have ended.
  case endedSessionsAreNotTold
  /// Keeps secrets as if all nodes had a key of their own.
  case secretsAreItsOwn
  /// Takes the signing key that it made for the one that is kept.
  case signingKeyIsNotLookedFor
  /// Makes an object as if nothing ever had its id.
  case historiesEndAtDeletions

  /// By their names: the cases that must find it.
  package var cases: [String] {
    switch self {
    case .modelNeverCatchesUp:
      [
        "Nodes: a deploy at one refuses what the other planned before, which then plans anew",
        "Nodes: a read alone tells a node of another's deploy",
        "Nodes: what meets deploy after deploy is planned anew five times and then given up, nothing of it done",
      ]
    case .olderPlansAreDone:
      [
        "Nodes: a deploy at one refuses what the other planned before, which then plans anew",
        "Nodes: what meets deploy after deploy is planned anew five times and then given up, nothing of it done",
      ]
    case .deploysAreNotCompared:
      ["Nodes: of deploys that compare on one version one switches, and the others begin again"]
    case .indexesAreItsOwn: ["Nodes: indexes that one's deploy wants are built for both, while both tend and write"]
    case .waitersHearOnlyTheirOwn: ["Nodes: who waits at one hears of what the other writes"]
    case .writesAreAnsweredEarly:
      [
        "Nodes: what one writes the other reads, in one order, under one feed id",
        "Nodes: random plans given to either agree with the plain reading of the contract at both",
        "Nodes: a state version that one showed ends when the other writes",
      ]
    case .feedIsItsOwn: ["Nodes: what one writes the other reads, in one order, under one feed id"]
    case .timeIsItsOwn:
      ["Nodes: a clock that is 10 s slow hides no change from who polls by the time of the last one"]
    case .leasesAreItsOwn, .leaseNumberIsNotChecked:
      ["Nodes: a lease is held by one of them, and the other's writes under it are refused"]
    case .conditionsAreNotChecked:
      ["Nodes: of writes that both make from one sequence at once one is done, and the others are stale"]
    case .webhookRevisionIsNotChecked:
      [
        "Nodes: a webhook that the other changed meanwhile is refused, and changes when it is loaded anew",
        "Nodes: webhooks that both count at once lose no count",
      ]
    case .sessionsAreNotChecked:
      [
        "Nodes: a session that ends at one is refused at the other",
        "Nodes: a user whose object is deleted at one is signed out at the other",
      ]
    case .endedSessionsAreNotTold: ["Nodes: a session that ends at one is refused at the other"]
    case .secretsAreItsOwn: ["Nodes: what one keeps sealed the other opens with the same key, and with no other"]
    case .historiesEndAtDeletions:
      ["Nodes: the history of an object goes on whichever node writes it, deletes it and makes it again"]
    case .signingKeyIsNotLookedFor:
      ["Nodes: of signing keys that both make at once the first stays, and each is told that one"]
    }
  }
}
