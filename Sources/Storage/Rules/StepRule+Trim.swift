// Old entries of the oplog.

extension StepRule {
  /// Below which entry all may go, and the webhook that keeps more from going.
  static func trimEnd(evenIfNeeded isForced: Bool, _ kept: KeptRows) -> (sequence: Int64, heldBy: String?)? {
    guard let end = kept.trimEnd else { return nil }
    guard !isForced, let needed = kept.neededEntries, needed.sequence < end else { return (end, nil) }
    return (needed.sequence, needed.webhook)
  }

  static func needs(trimming isForced: Bool, _ kept: KeptRows?) -> KeptNeeds? {
    guard let kept, let end = trimEnd(evenIfNeeded: isForced, kept) else { return nil }
    var needs = KeptNeeds()
    needs.oplogBelow = end.sequence
    return needs
  }

  static func trim(evenIfNeeded isForced: Bool, _ kept: KeptRows) -> Effect {
    let heldBy = trimEnd(evenIfNeeded: isForced, kept)?.heldBy
    guard let part = kept.oplogPart else {
      let none = OplogTrim(removed: 0, isDone: true, heldBy: heldBy, next: kept.secondEntry)
      return Effect(.kept(.trimmed(none)))
    }
    var changes = KeptChanges()
    changes.trimmed = part.last
    let trim = OplogTrim(
      removed: part.count, isDone: !part.hasMore, heldBy: heldBy, next: part.hasMore ? nil : part.next)
    return Effect(.kept(.trimmed(trim)), kept: changes)
  }
}
