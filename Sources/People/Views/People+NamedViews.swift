import Storage
import Wire

// Views that are kept by a name. A private one is there for its owner alone. A shared one is there for all who see the
// deployment; its owner and administrators change and drop it. Who may see its model, pages ask.

extension People {
  /// Those that are there for a person, by model and name.
  package func namedViews(in deployment: String, of visitor: Visitor) async throws -> [NamedView] {
    try await store.namedViews(NamedViewWant(deployment: deployment, person: visitor.person.id))
  }

  /// Nil also for a private one of somebody else.
  package func namedView(
    _ number: Int64, in deployment: String, of visitor: Visitor
  ) async throws -> (view: NamedView, address: String)? {
    guard let found = try await store.namedView(number, in: deployment),
      found.view.isShared || found.view.owner == visitor.person.id
    else { return nil }
    return found
  }

  /// The view that shows just one of these, where there is one.
  package func namedView(
    at addresses: [String], of model: String, in deployment: String, for visitor: Visitor
  ) async throws -> NamedView? {
    try await store.namedView(
      at: addresses, NamedViewWant(deployment: deployment, person: visitor.person.id, model: model))
  }

  /// The person's own ones and those for everybody.
  package func viewDefaults(
    of model: String? = nil, in deployment: String, for visitor: Visitor
  ) async throws -> [ViewDefault] {
    try await store.viewDefaults(NamedViewWant(deployment: deployment, person: visitor.person.id, model: model))
  }

  /// Whether somebody may give a view another name and drop it.
  package func may(_ visitor: Visitor, change view: NamedView) -> Bool {
    view.owner == visitor.person.id || view.isShared && visitor.has(.administrator, in: view.deployment)
  }

  // MARK: Changing.

  /// Keeps what an address shows, and gives the number under which it is found.
  package func add(
    _ draft: ViewDraft, showing address: String, of model: String, in deployment: String, by visitor: Visitor
  ) async throws -> Int64 {
    try draft.check()
    guard address.utf8.count <= PeopleSettings.viewBytes else { throw Self.tooLong(address) }
    var view = NamedView(
      deployment: deployment, model: model, owner: visitor.person.id, name: draft.name, changedAt: now)
    (view.note, view.isShared) = (draft.note, draft.isShared)
    let room = PeopleCondition.roomForViews(
      of: visitor.person.id, in: deployment, most: PeopleSettings.mostNamedViews)
    let done = try await done(PeoplePlan([.add(view, address: address)], if: [room] + sharedRoom(view)))
    guard let number = done.numbers.first else { throw StorageError.broken("a view got no number") }
    view.number = number
    // What comes between the two leaves a view that opens by its name.
    try await open(view, draft, [], by: visitor)
    return number
  }

  /// Puts what somebody says of a view in place of what was said before.
  /// - Throws: `PeopleFault.changed` where it is not at this revision any more.
  package func change(_ view: NamedView, to draft: ViewDraft, by visitor: Visitor) async throws {
    var changed = view
    if may(visitor, change: view) {
      try draft.check()
      (changed.name, changed.note, changed.changedAt) = (draft.name, draft.note, now)
      // Taken from others by somebody else it would be nobody's.
      if view.owner == visitor.person.id { changed.isShared = draft.isShared }
      try await done(
        PeoplePlan(
          [.change(changed)], if: [.namedView(view.number, revision: view.revision)] + sharedRoom(changed)))
    }
    let present = try await viewDefaults(of: view.model, in: view.deployment, for: visitor)
    try await open(changed, draft, present, by: visitor)
  }

  package func drop(_ view: NamedView) async throws {
    try await done(PeoplePlan([.dropView(view.number)], if: [.namedView(view.number, revision: view.revision)]))
  }

  private func sharedRoom(_ view: NamedView) -> [PeopleCondition] {
    guard view.isShared else { return [] }
    return [
      .roomForSharedViews(
        in: view.deployment, besides: view.number == 0 ? nil : view.number, most: PeopleSettings.mostSharedViews)
    ]
  }

  /// Has a view open with its model, or no more, as far as that is not so already.
  private func open(
    _ view: NamedView, _ draft: ViewDraft, _ present: [ViewDefault], by visitor: Visitor
  ) async throws {
    var changes: [PeopleChange] = []
    let isAdministrator = visitor.has(.administrator, in: view.deployment)
    for (person, wanted) in [
      (visitor.person.id, draft.opensForOne), (nil, isAdministrator ? draft.opensForAll : nil),
    ] as [(PersonID?, Bool?)] {
      let isSo = present.contains { $0.person == person && $0.number == view.number }
      guard let wanted, wanted != isSo else { continue }
      changes.append(
        .open(
          ViewDefault(
            deployment: view.deployment, model: view.model, person: person, number: wanted ? view.number : nil)))
    }
    if !changes.isEmpty { try await performUnlessChanged(PeoplePlan(changes)) }
  }

  @discardableResult
  private func done(_ plan: PeoplePlan) async throws -> PeopleDone {
    switch try await outcome(of: plan) {
    case .done(let done): return done
    case .refused(.roomForViews(_, _, let most)):
      throw PeopleFault.refused("You keep \(most) views in this deployment, which is the most. Delete one first.")
    case .refused(.roomForSharedViews(_, _, let most)):
      throw PeopleFault.refused(
        "\(most) views are shared in this deployment, which is the most. Keep it for yourself, or have one deleted.")
    case .refused: throw PeopleFault.changed
    }
  }

  static func tooLong(_ address: String) -> PeopleFault {
    .refused("This view has \(address.utf8.count) bytes; one of more than \(PeopleSettings.viewBytes) cannot be kept.")
  }
}
