import DataModel
import HTTPServer
import Objects
import People
import Storage
import Web
import Wire

// The oplog as people read it.

extension DeploymentCall {
  func changes(_ view: ListFilter<ChangesKey>) async throws -> Response {
    if let clean = cleanRoute(view) { return DataBrowserHandler.seeOther(clean) }
    let (read, frame) = try await reading { read in
      let question = try ChangesQuestion(view, among: read.models.all, people: [])
      return try read.changes(question)
    }
    let names = try await names(of: read.entries.compactMap(\.state.origin), users: read.users)
    let question = try ChangesQuestion(
      view, among: models(of: calls.view).all, people: try await choices(view[.who], beside: read.entries, names))
    var page = ChangesPage(
      card: DeploymentCard(deployment), view: view, form: question.form, read: read, baseURL: baseURL)
    for index in page.read.entries.indices {
      page.read.entries[index].state.who = page.read.entries[index].state.origin.map(names.words)
    }
    return answer(page, in: frame, status: question.form.isGood ? 200 : 422)
  }

  /// A form that is sent by GET names fields that are empty; nil where the address is as we write it.
  private func cleanRoute(_ view: ListFilter<ChangesKey>) -> Route? {
    guard let pairs = try? QueryPairs(visit.head.rawQuery), pairs.pairs.count != view.pairs.count else { return nil }
    return visit.route
  }

  // MARK: Whose changes can be chosen

  private static let mostChoices = 200

  /// The visitor, whoever made what is shown, whoever is asked for, and for administrators all who have a role.
  private func choices(
    _ asked: String, beside entries: [ChangeEntry], _ names: OriginNames
  ) async throws -> [FormField.Option] {
    var people = [visitor.person.id: visitor.person.name]
    if visitor.has(.administrator, in: id) {
      let known = try await page.people.all().filter { $0.grant(in: id) != nil }
      for person in known.prefix(Self.mostChoices) { people[person.id] = person.name }
    }
    var labels = Dictionary(
      people.map { (Origin.person($0.key).text, $0.value) }, uniquingKeysWith: { first, _ in first })
    for origin in entries.compactMap(\.state.origin) { labels[origin.text] = names.words(origin.whole) }
    // Who is asked for by an address need be nobody of this deployment, and has no name here.
    if !asked.isEmpty, labels[asked] == nil, let origin = Origin(asked) { labels[asked] = names.words(origin) }
    return labels.filter { !ChangesQuestion.isKind($0.key) }
      .map { FormField.Option($0.key, $0.value) }.sorted { ($0.label, $0.value) < ($1.label, $1.value) }
  }
}

/// An entry with what was there before it.
struct ChangeEntry: Sendable {
  enum Before: Sendable {
    /// It is a creation.
    case nothing
    case state(ShownState)
    case trimmed
    case linking
  }

  var model: String
  var label: String
  /// The labels of the fields, by position.
  var fields: [String]
  var state: ShownState
  var before: Before
  /// Whether the object is there now.
  var isThere: Bool
}

/// Changes as one snapshot knows them.
struct ReadChanges: Sendable {
  var entries: [ChangeEntry] = []
  var found = ChangesReading.Found()
  var bounds = OplogBounds(kept: nil, trimmed: 0)
  /// The first sequence that was asked for.
  var start: Int64 = 0
  /// App users behind devices.
  var users: [ObjectID: String] = [:]
}

extension PageRead {
  /// Bytes of states after which a page ends, before it is full.
  private static let mostBytes = 2 << 20

  fileprivate func changes(_ question: ChangesQuestion) throws -> ReadChanges {
    var read = ReadChanges()
    read.bounds = try snapshot.oplogBounds()
    guard question.form.isGood else { return read }
    let plan = question.plan(among: models.all)
    read.start = plan.start
    read.found = try ChangesReading(snapshot: snapshot).read(plan)
    var histories: [History] = []
    var bytes = 0
    // What follows in the order of the page is left for the next one.
    let order = plan.isNewestFirst ? read.found.changes : read.found.changes.reversed()
    for change in order {
      guard let model = models[number: change.model] else { continue }
      let page = try snapshot.history(HistoryPlan(model.stored, change.id, at: change.sequence))
      guard let entry = page.entries.first else { continue }
      histories.append(History(model: model, page: page, number: histories.count))
      bytes += entry.textBytes + (page.earlier?.textBytes ?? 0)
      if bytes >= Self.mostBytes, change != order.last {
        (read.found.last, read.found.hasMore, read.found.isStopped) = (change.sequence, true, false)
        break
      }
    }
    if !plan.isNewestFirst { histories.reverse() }
    read.entries = try entries(of: histories)
    read.users = try users(of: read.entries.compactMap(\.state.origin))
    return read
  }

  fileprivate struct History {
    let model: ModelView
    let page: HistoryPage
    let number: Int
  }

  /// Drawn model by model, in the order in which they came.
  private func entries(of histories: [History]) throws -> [ChangeEntry] {
    var drawn: [Int: ChangeEntry] = [:]
    for group in Dictionary(grouping: histories, by: \.model.stored.number).values {
      guard let first = group.first else { continue }
      let model = first.model
      let there = try displays(of: Array(Set(group.compactMap(\.page.entries.first?.id))), in: model)
      let all = group.flatMap { $0.page.entries + ($0.page.predecessor(of: 0).map { [$0] } ?? []) }
      var states = try StateDrawing(self, model, first.page.layout).states(of: all)[...]
      for history in group {
        guard var state = states.popFirst() else { continue }
        if let entry = history.page.entries.first { state.way = EntryWay(entry, after: history.page.entry(before: 0)) }
        let before = history.page.predecessor(of: 0) == nil ? nil : states.popFirst()
        drawn[history.number] = ChangeEntry(
          model: model.name, label: model.stored.model.label, fields: model.stored.columns.map(\.label), state: state,
          before: history.before(before), isThere: there[state.id] != nil)
      }
    }
    return histories.compactMap { drawn[$0.number] }
  }
}

extension PageRead.History {
  fileprivate func before(_ state: ShownState?) -> ChangeEntry.Before {
    if let state { return .state(state) }
    if page.entries.first?.operation == .create { return .nothing }
    return page.end == .linking ? .linking : .trimmed
  }
}

extension OplogEntry {
  /// About as large as its state.
  fileprivate var textBytes: Int {
    values.reduce(0) { sum, item in
      if case .text(let text) = item.value { sum + text.utf8.count } else { sum + 16 }
    }
  }
}
