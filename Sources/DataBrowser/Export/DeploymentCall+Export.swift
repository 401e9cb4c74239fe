import DataModel
import HTTPServer
import Objects
import People
import QueryLanguage
import Storage
import Web
import Wire

/// The bounds of an export that is answered at once.
enum Export {
  static let most = 50_000
  /// How long it counts before.
  static let time = Duration.seconds(2)

  static func isTooMany(_ count: BoundedCount) -> Bool {
    switch count {
    case .exact(let count), .over(let count), .stopped(let count): count > most
    }
  }

  static func tooMany(_ count: BoundedCount) -> String {
    "The view has \(count.text), and one export takes at most \(Grouped.text(most)). Narrow the view, and export it in parts."
  }
}

extension DeploymentCall {
  /// The form of an export, or the file that it asked for.
  /// - Parameter isFull: with the values of password fields.
  func export(_ name: String, _ view: ExportView, isFull: Bool) async throws -> Response {
    if isFull, let model = models(of: calls.view)[name], !model.stored.columns.contains(where: \.isMasked) {
      return DataBrowserHandler.seeOther(.export(id, model: name, view))
    }
    let opened = try await opened(view.view.query, of: name)
    let wanted = ExportWant(
      opened: opened, view: view, isFull: isFull, usual: try await people.columns(of: name, in: id, for: visitor))
    guard let format = view.format else {
      let (page, frame) = try await reading { read in try read.exportPage(wanted, of: try Self.model(name, read)) }
      return answer(page, in: frame)
    }
    let (exported, _) = try await reading { read in
      let model = try Self.model(name, read)
      do {
        return try read.export(wanted, as: format, of: model)
      } catch let error as ClientFault {
        throw fault(error, opened.links, opened.view)
      }
    }
    if isFull || exported.isSensitive { try await record(exported, format, wanted) }
    return response(exported, format, isFull: isFull)
  }

  private func record(_ exported: Exported, _ format: ExportView.Format, _ wanted: ExportWant) async throws {
    let model = wanted.opened.links.model
    var draft = people.entry(
      .export, by: visitor.person.id, visit.browser,
      target: "\(model): \(format.label)\(wanted.isFull ? " with password fields" : "")")
    draft.deployment = id
    draft.count = exported.count.map(Int64.init)
    draft.filter = wanted.opened.view.filterWithoutValues
    try await people.record(draft)
  }

  private func response(_ exported: Exported, _ format: ExportView.Format, isFull: Bool) -> Response {
    let day = visit.now.description.prefix(10)
    let name = FileName("\(exported.label) \(day)", suffix: format.suffix)
    let headers = [
      ("Content-Type", format.type), ("Cache-Control", isFull ? "no-store, no-transform" : "no-store"),
      ("Content-Disposition", name.disposition),
    ]
    let body: Response.Body =
      switch exported.answer {
      case .memory(let block): .block(block)
      case .file(let descriptor, let length): .file(descriptor, offset: 0, length: length)
      }
    return Response(status: 200, headers: headers + PageHeaders.isolation, body: body)
  }
}

/// What is to be exported.
struct ExportWant: Sendable {
  let opened: OpenedView
  let view: ExportView
  let isFull: Bool
  /// The columns that the reader has chosen for the model.
  let usual: [String]?
}

struct Exported: Sendable {
  let answer: RenderedAnswer
  let label: String
  /// Nil where there was no time to count.
  let count: Int?
  let isSensitive: Bool
}

extension PageRead {
  fileprivate func exportPage(_ wanted: ExportWant, of model: ModelView) throws -> ExportPage {
    let (view, links) = (wanted.opened.view, wanted.opened.links)
    let plan: TablePlan
    do throws(ClientFault) { plan = try TablePlan(view, on: model) } catch { throw call.fault(error, links, view) }
    return ExportPage(
      card: DeploymentCard(call.deployment), links: links, label: model.stored.model.label, view: view,
      conditions: try chips(view, links, FilterFields(of: model)).map(\.text),
      count: try count(of: plan, within: Self.usualTime),
      hasPasswords: model.stored.columns.contains(where: \.isMasked),
      isFull: wanted.isFull, isSensitive: model.stored.model.classification == .sensitive)
  }

  private func count(of plan: TablePlan, within time: Duration) throws -> BoundedCount {
    try snapshot.count(plan.model.stored, plan.predicate, upTo: .max, within: time)
  }

  /// All objects of the view, written into a file of the system's while they are read, so that memory does not grow with
  /// them.
  fileprivate func export(_ wanted: ExportWant, as format: ExportView.Format, of model: ModelView) throws -> Exported {
    let plan = try TablePlan(wanted.opened.view, on: model)
    let count = try count(of: plan, within: Export.time)
    if Export.isTooMany(count) { throw tooMany(count, wanted) }
    let read = try answer(wanted, as: format, plan)
    // It was not counted to its end, and there are more.
    if read.next != nil { throw tooMany(.over(Export.most), wanted) }
    return Exported(
      answer: read.answer, label: model.stored.model.label, count: count.isExact ? count.number : nil,
      isSensitive: model.stored.model.classification == .sensitive)
  }

  private func answer(_ wanted: ExportWant, as format: ExportView.Format, _ plan: TablePlan) throws -> ReadAnswer {
    let model = plan.model
    let columns = wanted.columns(of: model, among: models)
    let positions = columns.compactMap(\.position)
    let told = wanted.isFull ? positions : positions.filter { !model.stored.columns[$0].isMasked }
    switch format {
    case .csv: return try list(plan, .none, ProgramSink(model, columns: told))
    case .spreadsheet:
      let sink = SpreadsheetSink(
        model, columns: columns.filter { column in column.position.map(told.contains) ?? true }, among: models)
      return try list(plan, sink.includes, sink)
    case .ndjson, .json:
      let masked = Set(positions).subtracting(told)
      return try list(plan, .none, RecordSink(format == .json ? .array : .lines, columns: positions, masked: masked))
    }
  }

  private func list<Sink: ObjectSink>(
    _ plan: TablePlan, _ includes: Includes, _ sink: Sink
  ) throws -> ReadAnswer where Sink.End == ListEnd {
    var bounds = PageBounds()
    bounds.limit = Export.most
    let query = try ListQuery(
      on: plan.model, predicate: plan.predicate, sort: plan.sort, bounds: bounds, hasTotal: false, includes: includes)
    return try call.calls.list(plan.model, query, in: context, to: sink, from: snapshot)
  }

  private func tooMany(_ count: BoundedCount, _ wanted: ExportWant) -> PageFault {
    let (view, links) = (wanted.opened.view, wanted.opened.links)
    return PageFault(
      422, "Too many for one export", Export.tooMany(count), next: "Nothing was exported.",
      ways: [Crumb("Change the filter", links.filter(view)), Crumb("Back to the table", links.table(view))])
  }
}

extension ExportWant {
  fileprivate func columns(of model: ModelView, among models: VisibleModels) -> [TableColumn] {
    let all = TableColumns(of: model, among: models)
    return view.isOfView ? all.shown(opened.view.columns ?? usual) : all.all
  }
}

extension TableColumn {
  /// Among the model's columns; nil for id and time of the last change.
  fileprivate var position: Int? { if case .column(let position) = source { position } else { nil } }
}

extension BoundedCount {
  fileprivate var number: Int {
    switch self {
    case .exact(let count), .over(let count), .stopped(let count): count
    }
  }
}

extension TableView {
  /// What the audit keeps: which fields are asked for what, and no value.
  var filterWithoutValues: String? {
    let parts =
      filters.map { "\($0.key) ?" } + (expression.isEmpty ? [] : [expression]) + (search.isEmpty ? [] : ["search ?"])
    return parts.isEmpty ? nil : parts.joined(separator: " and ")
  }
}
