import Storage
import Wire

// How somebody looks at data: views that are kept under a number, chosen columns, models that were opened last.

extension People {
  // MARK: Views under a number.

  /// Keeps the address of a view for this person alone, and gives the number under which it is found.
  package func keepView(_ address: String, in deployment: String, of visitor: Visitor) async throws -> Int64 {
    guard address.utf8.count <= PeopleSettings.viewBytes else { throw Self.tooLong(address) }
    let view = ViewState(person: visitor.person.id, deployment: deployment, address: address, usedAt: now)
    let done = try await performUnlessChanged(PeoplePlan([.keep(view, most: PeopleSettings.mostViews)]))
    guard let number = done.numbers.first else { throw StorageError.broken("a view got no number") }
    return number
  }

  /// The address of a view of this person; nil where there is none, or not any more.
  package func view(_ number: Int64, in deployment: String, of visitor: Visitor) async throws -> String? {
    guard let view = try await store.view(number, of: visitor.person.id, in: deployment),
      view.usedAt >= earlier(by: PeopleSettings.viewSeconds)
    else { return nil }
    // A day is near enough, and looking at a view costs no write. Where it cannot be noted, it is shown all the same.
    if view.usedAt < earlier(by: Instant.secondsInDay) {
      _ = try? await perform(PeoplePlan([.useView(number: number, at: now)]))
    }
    return view.address
  }

  // MARK: Columns.

  /// Nil for those that the page chooses.
  package func columns(of model: String, in deployment: String, for visitor: Visitor) async throws -> [String]? {
    try await store.columns(of: model, in: deployment, for: visitor.person.id)
  }

  /// Nil goes back to those that the page chooses.
  package func choose(
    columns: [String]?, of model: String, in deployment: String, for visitor: Visitor
  ) async throws {
    try await performUnlessChanged(
      PeoplePlan([
        .choose(
          ColumnChoice(person: visitor.person.id, deployment: deployment, model: model, columns: columns))
      ]))
  }

  // MARK: Models that were opened last.

  /// The latest first. They are a convenience: where they cannot be read, there are none.
  package func recentModels(in deployment: String, of visitor: Visitor) async -> [String] {
    let key = RecentLists.Key(person: visitor.person.id, deployment: deployment)
    if let known = recents.list(key) { return known }
    guard let read = try? await store.recentModels(in: deployment, for: visitor.person.id) else { return [] }
    recents.keep(read, for: key)
    return recents.list(key) ?? read
  }

  /// Somebody has opened a model whose recent ones were asked for before. It is written within a minute.
  package func opened(_ model: String, in deployment: String, by visitor: Visitor) {
    recents.note(model, for: RecentLists.Key(person: visitor.person.id, deployment: deployment))
  }
}
