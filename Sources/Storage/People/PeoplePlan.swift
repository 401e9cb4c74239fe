import Wire

/// What a store of people is asked to do: all of it in one transaction, or nothing.
package struct PeoplePlan: Sendable, Equatable {
  /// Each must hold when the plan's turn comes, else nothing of it is done.
  package var conditions: [PeopleCondition]
  /// In this order.
  package var changes: [PeopleChange]
  /// What is entered into the audit with them.
  package var audit: [AuditDraft]

  package init(
    _ changes: [PeopleChange], if conditions: [PeopleCondition] = [], audit: [AuditDraft] = []
  ) {
    self.conditions = conditions
    self.changes = changes
    self.audit = audit
  }
}

/// What must hold for a plan to be done.
package enum PeopleCondition: Sendable, Equatable {
  /// There was never a person.
  case nobody
  /// The person is there and at this revision.
  case person(PersonID, revision: Int64)
  /// Nobody who can sign in has this address, but for the one who is named.
  case freeEmail(String, besides: PersonID?)
  /// The session is there and at this revision.
  case session(SessionID, revision: Int64)
  /// The link is there and was not used.
  case unusedLink(hash: [UInt8])
  /// Somebody else is an operator too.
  case anotherOperator(besides: PersonID)
  case freeNonce([UInt8])
  /// The view is there and at this revision.
  case namedView(Int64, revision: Int64)
  /// The person keeps fewer views than this in the deployment.
  case roomForViews(of: PersonID, in: String, most: Int)
  /// Fewer views than this are shared in the deployment, besides the one that is named.
  case roomForSharedViews(in: String, besides: Int64?, most: Int)
}

/// One change of what a store of people keeps.
package enum PeopleChange: Sendable, Equatable {
  /// Adds or replaces a person, whose revision is then one higher than here. Sessions, forms and links of one who was
  /// removed end.
  case person(PersonRecord)
  /// Adds or replaces a session, whose revision is then one higher than here.
  case session(SessionRecord)
  /// Last uses; later times win.
  case used([SessionID: Instant])
  /// Ends sessions with what they show.
  case endSession(SessionID)
  case endSessions(of: PersonID, besides: SessionID?)
  case link(LinkRecord)
  case endLinks(of: PersonID)
  /// Gives a number. Of more than `most` forms of a person the oldest go.
  case hold(HeldForm, most: Int)
  case drop(held: Int64, of: PersonID)
  case show(ShownValue)
  case erase(shown: String, of: SessionID)
  case nonce(NonceRecord)
  /// Gives a number. Of more than `most` views of a person those go that were used longest ago.
  case keep(ViewState, most: Int)
  case useView(number: Int64, at: Instant)
  /// Adds a view with what it shows. Gives a number.
  case add(NamedView, address: String)
  /// Puts name, note and sharing in place of those of before; its revision is then one higher than here. One that is
  /// shared no more opens by itself for its owner alone.
  case change(NamedView)
  case dropView(Int64)
  case open(ViewDefault)
  case choose(ColumnChoice)
  case recent(RecentModels)
  case fact(PeopleFact, String?)
  case forget(PeopleExpiry)
  /// Removes entries of the audit before this time, and keeps the hash of the last of them as anchor.
  case trimAudit(before: Instant)
}

/// What was over at some time, and is not needed any more.
package struct PeopleExpiry: Sendable, Equatable {
  package var now: Instant
  /// Sessions that were last used, or begun, before these times.
  package var idleSince: Instant
  package var begunBefore: Instant
  package var heldBefore: Instant
  package var noncesBefore: Instant
  package var viewsBefore: Instant

  package init(
    now: Instant, idleSince: Instant, begunBefore: Instant, heldBefore: Instant, noncesBefore: Instant,
    viewsBefore: Instant
  ) {
    self.now = now
    self.idleSince = idleSince
    self.begunBefore = begunBefore
    self.heldBefore = heldBefore
    self.noncesBefore = noncesBefore
    self.viewsBefore = viewsBefore
  }
}

/// Single facts that are kept beside people.
package enum PeopleFact: String, CaseIterable, Sendable {
  /// Where the pages were served last: links of commands begin with it.
  case pagesURL = "pages_url"
}

package enum PeopleOutcome: Sendable, Equatable {
  case done(PeopleDone)
  /// The first condition that did not hold.
  case refused(PeopleCondition)

  package var isDone: Bool { if case .done = self { true } else { false } }
}

package struct PeopleDone: Sendable, Equatable {
  /// Of held forms and views of both kinds, in the order of the changes.
  package var numbers: [Int64]
  package var audit: [AuditEntry]

  package init(numbers: [Int64], audit: [AuditEntry]) {
    self.numbers = numbers
    self.audit = audit
  }
}
