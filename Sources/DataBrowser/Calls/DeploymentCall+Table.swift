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
    var links = ViewLinks(id, name)
    if isVisible(name), let number = try await defaultView(of: name) {
      links.hasDefault = true
      if text == .none, let opened = try await keptView(number) { return go(to: opened, number) }
    }
    return try await table(text, links)
  }

  /// The table of a view that is kept under a number.
  func table(_ number: Int64, _ text: ViewText) async throws -> Response {
    guard var kept = try await keptView(number) else { throw Self.noView }
    if kept.named != nil, text == .none {
      let way = ViewLinks.named(number, kept.view, id, kept.links.model)
      if way != visit.route { return go(to: kept, number) }
    }
    kept.links.hasDefault = try await defaultView(of: kept.links.model) != nil
    return try await table(text, kept.links, isNamed: kept.named != nil)
  }

  /// To a view with a name, with the notice of what was done.
  private func go(to opened: OpenedView, _ number: Int64) -> Response {
    DataBrowserHandler.seeOther(ViewLinks.named(number, opened.view, id, opened.links.model), visit.done)
  }

  private func table(_ text: ViewText, _ links: ViewLinks, isNamed: Bool = false) async throws -> Response {
    let kept = links.kept
    let view: TableView
    do throws(ClientFault) { view = try TableView(text) } catch { throw fault(error, links, nil) }
    let wanted = TableWant(
      view: kept?.put(in: view) ?? view, links: links,
      usual: try await page.people.columns(of: links.model, in: id, for: visitor),
      isLong: text.pairs.contains { $0.key == "count" && $0.value == "long" })
    var (page, frame) = try await naming(wanted) {
      try await reading { read in
        let model = try Self.model(links.model, read)
        do {
          return try read.table(wanted, of: model)
        } catch let error as ClientFault {
          throw fault(error, links, wanted.view)
        } catch StorageError.timeLimit(let seconds) {
          throw read.tooSlow(wanted, of: model, seconds)
        }
      }
    }
    page.named = try await namedCard(of: page)
    page.isKeptForNow = kept != nil && !isNamed
    page.isEditable = visitor.may(.editor, in: id) == .allowed
    if kept != nil {
      frame.current = links.model
      self.page.people.opened(links.model, in: id, by: visitor)
    }
    return answer(page, in: frame)
  }

  /// Says of a view with a name that does not fit that it is this one, and leads to where it can be changed.
  private func naming<Value>(_ wanted: TableWant, _ body: () async throws -> Value) async throws -> Value {
    do {
      return try await body()
    } catch let fault as PageFault where fault.status == 422 && !wanted.view.start.isCursor {
      var fault = fault
      let address = Route.table(id, model: wanted.links.model, wanted.view.canonical.text).address.text
      let named = try? await page.people.namedView(at: [address], of: wanted.links.model, in: id, for: visitor)
      if let named {
        fault.detail = "The view “\(CutText.cut(named.name))” does not fit the data model any more. " + fault.detail
        fault.ways.append(Crumb("What is kept as this view", .editView(id, named.number)))
      }
      throw fault
    }
  }

  /// The name by which somebody keeps what a table shows; nil where nobody does.
  private func namedCard(of table: TablePage) async throws -> TablePage.NamedCard? {
    let view = table.view.canonical
    var full = view
    // Columns need no word in the address where they are the reader's own anyway.
    full.columns = table.heads.compactMap(\.name)
    let addresses = [view, full].map { Route.table(id, model: table.links.model, $0.text).address.text }
    let found = try await page.people.namedView(at: addresses, of: table.links.model, in: id, for: visitor)
    guard let found else { return nil }
    let isOwn = found.owner == visitor.person.id
    let owner = isOwn ? nil : try await page.people.names(of: [found.owner])[found.owner]
    return TablePage.NamedCard(number: found.number, name: found.name, note: found.note, owner: owner)
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
  /// Whether it is asked what reading the rows costs.
  var isExamined = false
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
        Crumb("All objects", wanted.links.table(TableView())),
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
    func read() throws -> ReadAnswer { try call.calls.list(model, query, in: context, to: sink, from: snapshot) }
    let (answer, cost) = try wanted.isExamined ? snapshot.examined(read) : (read(), nil)
    let rows = Rows.html(try answer.answer.block(), isTurned: isTurned)
    let shown = view.with(sort: plan.shownSort)
    let (before, after) = isTurned ? (answer.next, sink.first) : (sink.first, answer.next)
    let fields = FilterFields(of: model)
    var page = TablePage(
      card: DeploymentCard(call.deployment), links: links, label: model.stored.model.label, view: shown,
      isSortUsual: view.sort.isEmpty,
      heads: TableHeads(view: shown, links: links, fields: fields, hasChosenSort: !view.sort.isEmpty).all(columns),
      rows: rows, rowCount: sink.count, count: try count(model.stored, plan.predicate, long: wanted.isLong),
      chips: try chips(view, links, fields),
      previous: view.start == .first || (isTurned && before == nil) ? nil : before.map { .before($0) },
      next: view.start == .last || (!isTurned && after == nil) ? nil : after.map { .after($0) },
      curl: CurlText(base: call.baseURL, user: call.id, model: model.name, view: view, sort: plan.shownSort).text,
      address: call.visit.origin + links.table(shown).address.text)
    page.cost = cost
    return page
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
