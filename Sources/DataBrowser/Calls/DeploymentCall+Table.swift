import DataModel
import HTTPServer
import Objects
import People
import QueryLanguage
import Storage
import Web
import Wire

extension DeploymentCall {
  /// The model of a route, as far as it is there for the visitor.
  static func model(_ name: String, _ read: PageRead) throws(PageFault) -> ModelView {
    guard let model = read.models[name] else {
      throw .notFound(
        "There is no model “\(CutText.cut(name))” here.", ways: [Crumb("All models", .models(read.call.id))])
    }
    return model
  }

  func table(_ name: String, _ text: ViewText) async throws -> Response {
    try await table(text, nil, ViewLinks(id, name))
  }

  /// The table of a view that is kept under a number.
  func table(_ number: Int64, _ text: ViewText) async throws -> Response {
    guard let kept = try await keptView(number) else { throw Self.noView }
    return try await table(text, kept.links.kept, kept.links)
  }

  private func table(_ text: ViewText, _ kept: KeptView?, _ links: ViewLinks) async throws -> Response {
    let view: TableView
    do throws(ClientFault) { view = try TableView(text) } catch { throw fault(error, links, nil) }
    let wanted = TableWant(
      view: kept?.put(in: view) ?? view, links: links,
      usual: try await page.people.columns(of: links.model, in: id, for: visitor),
      isLong: text.pairs.contains { $0.key == "count" && $0.value == "long" })
    var (page, frame) = try await reading { read in
      let model = try Self.model(links.model, read)
      do {
        return try read.table(wanted, of: model)
      } catch let error as ClientFault {
        throw fault(error, links, wanted.view)
      } catch StorageError.timeLimit(let seconds) {
        throw read.tooSlow(wanted, of: model, seconds)
      }
    }
    page.isEditable = visitor.may(.editor, in: id) == .allowed
    if kept != nil {
      frame.current = links.model
      self.page.people.opened(links.model, in: id, by: visitor)
    }
    return answer(page, in: frame)
  }

  /// What is wrong with a view, and the ways out.
  func fault(_ error: ClientFault, _ links: ViewLinks, _ view: TableView?) -> PageFault {
    var ways: [Crumb] = []
    if let view, view.start.isCursor { ways.append(Crumb("First page", links.table(view.at(.first)))) }
    if let view, view.isFiltered { ways.append(Crumb("Change the filter", links.filter(view.at(.first)))) }
    return .invalid(error.detail, ways: ways + [Crumb("All objects", links.table(TableView()))])
  }
}

/// What a table is asked for.
struct TableWant: Sendable {
  let view: TableView
  let links: ViewLinks
  /// The columns that the reader has chosen for the model.
  let usual: [String]?
  /// Whether it counts as long as it may.
  let isLong: Bool
}

extension PageRead {
  /// The index that would make it faster, in a sentence.
  func advice(_ wanted: TableWant, of model: ModelView) -> String? {
    let plan = try? TablePlan(wanted.view, on: model)
    let query = plan.flatMap { try? $0.query(wanted.view, including: .none) }
    return query.flatMap { IndexHint(.list(model, $0)) }?.sentence
  }

  /// A page that names the index that would have helped.
  func tooSlow(_ wanted: TableWant, of model: ModelView, _ seconds: Int) -> PageFault {
    PageFault(
      503, "That takes too long", "Reading it was stopped after \(CountText.of(seconds, "second")).",
      next: advice(wanted, of: model),
      ways: [
        Crumb("Change the filter", wanted.links.filter(wanted.view.at(.first))),
        Crumb("All objects", .table(call.id, model: model.name, .none)),
      ])
  }

  func table(_ wanted: TableWant, of model: ModelView) throws -> TablePage {
    var view = wanted.view
    let links = wanted.links
    let plan = try TablePlan(view, on: model)
    let all = TableColumns(of: model, among: models)
    let columns = all.shown(view.columns ?? wanted.usual)
    // The reader's own need no word in the address.
    if columns == all.shown(wanted.usual) { view.columns = nil }
    let shape = TableShape(columns, of: model, in: self)
    let isTurned = view.start.isTurned
    let sink = RowSink(shape, otherWay: isTurned ? plan.read : plan.turned, isTurned: isTurned)
    let query = try plan.query(view, including: shape.includes)
    let answer = try call.calls.list(model, query, in: context, to: sink, from: snapshot)
    let rows = Rows.html(try answer.answer.block(), isTurned: isTurned)
    let shown = view.with(sort: plan.shownSort)
    let (before, after) = isTurned ? (answer.next, sink.first) : (sink.first, answer.next)
    let fields = FilterFields(of: model)
    return TablePage(
      card: DeploymentCard(call.deployment), links: links, label: model.stored.model.label, view: shown,
      isSortUsual: view.sort.isEmpty,
      heads: TableHeads(view: shown, links: links, fields: fields, hasChosenSort: !view.sort.isEmpty).all(columns),
      rows: rows, rowCount: sink.count, count: try count(model.stored, plan.predicate, long: wanted.isLong),
      chips: try chips(view, links, fields),
      previous: view.start == .first || (isTurned && before == nil) ? nil : before.map { .before($0) },
      next: view.start == .last || (!isTurned && after == nil) ? nil : after.map { .after($0) },
      curl: CurlText(base: call.baseURL, user: call.id, model: model.name, view: view, sort: plan.shownSort).text,
      address: call.visit.origin + links.table(shown).address.text)
  }

  /// The chips of a view, with the objects that it names by their displays.
  func chips(_ view: TableView, _ links: ViewLinks, _ fields: FilterFields) throws -> [Chip] {
    guard view.isFiltered else { return [] }
    var displays: [String: [ObjectID: String]] = [:]
    let named = ChipMaker.ids(in: view, fields)
    for name in Set(named.map(\.model)) {
      guard let related = models[name] else { continue }
      displays[name] = try self.displays(of: named.filter { $0.model == name }.map(\.id), in: related)
    }
    return ChipMaker(view: view, links: links, fields: fields, displays: displays).chips
  }
}

extension TableView {
  func with(sort: [Sort]) -> TableView {
    var view = self
    view.sort = sort
    return view
  }
}

/// Rows as a sink wrote them.
enum Rows {
  /// Those that were read from the end on are turned round.
  static func html(_ block: ByteBlock, isTurned: Bool) -> WrittenHTML {
    guard isTurned else { return WrittenHTML(bySink: block) }
    var writer = ByteWriter(capacity: block.count + 64)
    let parts = block.bytes.split(separator: RowSink.separatorByte, omittingEmptySubsequences: true)
    for part in parts.reversed() { writer.append(UnsafeRawBufferPointer(rebasing: part)) }
    withExtendedLifetime(block) {}
    return WrittenHTML(bySink: writer.detach())
  }
}

/// Heads of a table with the links that sort it.
struct TableHeads {
  let view: TableView
  let links: ViewLinks
  let fields: FilterFields
  /// Whether the sort is the reader's own.
  let hasChosenSort: Bool

  private var base: TableView { view.changed { if !hasChosenSort { $0.sort = [] } } }

  func all(_ columns: [TableColumn]) -> [TablePage.Head] {
    [TablePage.Head(label: "Object", type: nil)] + columns.map(head)
  }

  private func head(_ column: TableColumn) -> TablePage.Head {
    let rank = view.sort.firstIndex { $0.name == column.name }
    let isDescending = rank.map { view.sort[$0].isDescending } ?? false
    var head = TablePage.Head(
      label: column.label, type: column.type, isNumber: column.isNumber, rank: rank.map { $0 + 1 },
      isDescending: isDescending)
    head.name = column.name
    guard column.isSortable else { return head }
    head.sorted = links.table(sorted(column.name, rank, isDescending))
    if rank == nil, hasChosenSort, view.sort.count < SortOrder.limit {
      head.then = links.table(view.changed { $0.sort.append(.init(column.name, descending: false)) })
    }
    let name = fields.all.first { $0.name == column.name || $0.label == column.name }?.name
    if let name { head.filter = links.filter(base, adding: name) }
    return head
  }

  /// A sorted column is turned round and keeps its rank; another one becomes the only key.
  private func sorted(_ name: String, _ rank: Int?, _ isDescending: Bool) -> TableView {
    view.changed { view in
      if let rank {
        view.sort[rank].isDescending = !isDescending
      } else {
        view.sort = [.init(name, descending: false)]
      }
    }
  }
}
