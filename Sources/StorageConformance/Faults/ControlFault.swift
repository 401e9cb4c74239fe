/// A way in which a node can be wrong about the control store; as `NodeFault` is for objects.
package enum ControlFault: String, Sendable, CaseIterable {
  /// What it read first is what it knows.
  case neverCatchesUp
  /// Answers a change when the next one comes to be stored.
  case changesAreAnsweredEarly
  /// Is not told of credentials.
  case tokensAreNotTold
  /// Is told of the deployments that there are, and not of those that went.
  case removalsAreNotTold

  /// By their names: the cases that must find it.
  package var cases: [String] {
    switch self {
    case .neverCatchesUp, .changesAreAnsweredEarly:
      [
        "What one node changes in the control store, another is told by what happened since, in one order",
        "A change of the control store is stored when its call returns: another node that asks then is told",
        "A node that asks now and then what happened knows all that others changed: tokens, settings, deployments",
      ]
    case .tokensAreNotTold, .removalsAreNotTold:
      [
        "A change of the control store is stored when its call returns: another node that asks then is told",
        "A node that asks now and then what happened knows all that others changed: tokens, settings, deployments",
      ]
    }
  }
}
