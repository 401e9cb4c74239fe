import Storage
import Wire

/// What somebody may do about other people. What they may not do has a sentence that says why, and who can.
///
/// Links are judged by it twice: when they are made, and each time that they are looked at, so that none is worth more
/// than whoever made it.
package struct Authority: Sendable {
  private let maker: PersonRecord

  package init(of maker: PersonRecord) { self.maker = maker }

  /// Whether the maker gives roles in this deployment.
  package func administers(_ deployment: String) -> Bool {
    !maker.isRemoved
      && (maker.isOperator || maker.grant(in: deployment)?.roles.contains(.administrator) ?? false)
  }

  /// Operators alone say who sees models that are marked as sensitive.
  package var givesSensitive: Bool { maker.isOperator && !maker.isRemoved }

  /// Why the maker cannot give these roles; nil where that can be.
  package func problem(giving grant: RoleGrant, keeping before: RoleGrant? = nil) -> String? {
    if !administers(grant.deployment) { return "Roles are given by administrators of the deployment and by operators." }
    let isNew = grant.seesSensitive != before?.seesSensitive ?? false
    return isNew && !givesSensitive
      ? "Who sees models that are marked as sensitive is for an operator of the server to say." : nil
  }

  /// Why the maker cannot make a link with which this person renews password or factor; nil where that can be.
  package func problem(resetting person: PersonRecord) -> String? {
    if maker.id == person.id { return "You change your own password and second factor on the page of your account." }
    if person.isOperator {
      return "\(CutText.cut(person.name)) is an operator: whoever has the server's own shell makes the link, by "
        + "`sojourn person reset`."
    }
    return problem(reaching: person)
  }

  /// Why the maker cannot end this person's sessions; nil where that can be.
  package func problem(endingSessionsOf person: PersonRecord) -> String? {
    if maker.id == person.id { return "You end your own sessions on the page of your account." }
    return person.isOperator && !givesSensitive
      ? "\(CutText.cut(person.name)) is an operator, whose sessions another operator ends." : problem(reaching: person)
  }

  /// Sessions, passwords and factors open all deployments that a person has a role in.
  private func problem(reaching person: PersonRecord) -> String? {
    if maker.isRemoved { return "Whoever asks for it was removed." }
    if maker.isOperator { return nil }
    if person.grants.contains(where: { !administers($0.deployment) }) {
      return "\(CutText.cut(person.name)) has roles in other deployments too: an operator of the server can do this."
    }
    return person.grants.isEmpty ? "An operator of the server can do this." : nil
  }

  /// Whether the maker could make this link now; `person` is whom it resets, as they are now.
  package func covers(_ link: LinkRecord, of person: PersonRecord?) -> Bool {
    switch link.kind {
    case .first: return false
    case .join:
      if maker.isRemoved || link.makesOperator && !maker.isOperator { return false }
      if link.grants.isEmpty { return maker.isOperator }
      return link.grants.allSatisfy { problem(giving: $0) == nil }
    case .resetPassword, .resetFactor, .resetBoth:
      guard let person, !person.isRemoved else { return false }
      return problem(resetting: person) == nil
    }
  }

  /// Whether the maker may take back a link that somebody else made.
  package func withdraws(_ link: LinkRecord, of person: PersonRecord?) -> Bool {
    link.madeBy == maker.id || covers(link, of: person)
  }
}
