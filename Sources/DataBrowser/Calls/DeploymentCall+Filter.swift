import DataModel
import HTTPServer
import Objects
import QueryLanguage
import Storage
import Web
import Wire

extension DeploymentCall {
  /// The form of a table's filters. Opened with `add` it has a further row; sent, by GET or POST, it leads to the view, or
  /// comes back with what is wrong.
  func filter(_ name: String, _ text: ViewText, _ form: PostForm?) async throws -> Response {
    let pairs = form?.pairs ?? text.query
    let sent = try Self.container(pairs)
    let view: TableView
    do throws(ClientFault) { view = try TableView(pairs).at(.first) } catch {
      throw PageFault.invalid(error.detail, ways: [Crumb("All objects", .table(id, model: name, .none))])
    }
    let ticket = visit.ticket(.filter(id, model: name, .none))
    let card = DeploymentCard(deployment)
    let act = sent["do"]?.text ?? ""
    if act == "cancel" { return DataBrowserHandler.seeOther(.table(id, model: name, view.text)) }
    let isSent = sent["f"] != nil
    let (result, frame) = try await reading { read in
      let model = try Self.model(name, read)
      return FilterCall(model: model, view: view, isSent: isSent, act: act, adds: sent["add"]?.text)
        .result(sent, card, ticket)
    }
    switch result {
    case .view(let view): return DataBrowserHandler.seeOther(.table(id, model: name, view.text))
    case .page(let page): return answer(page, in: frame, status: page.title.hasPrefix("Error") ? 422 : 200)
    }
  }

  private static func container(_ query: QueryPairs) throws(PageFault) -> FormContainer {
    do throws(FormError) { return try FormContainer(query) } catch {
      throw .invalid("The address cannot be read: \(error).", ways: [])
    }
  }
}

/// What becomes of a filter form.
private struct FilterCall {
  let model: ModelView
  let view: TableView
  let isSent: Bool
  let act: String
  let adds: String?

  enum Result {
    case view(TableView)
    case page(FilterPage)
  }

  func result(_ sent: FormContainer, _ card: DeploymentCard, _ ticket: String) -> Result {
    let fields = FilterFields(of: model)
    let handwritten = !view.expression.isEmpty && !view.isExpressionHeld(fields)
    var form = isSent ? FilterForm(sent, fields) : FilterForm(view, fields)
    var page = FilterPage(
      card: card, model: model.name, label: model.stored.model.label, view: view,
      kept: kept(fields, handwritten), filters: form,
      hasHandwritten: handwritten, ticket: ticket)
    if act == "add" || !isSent && act != "apply" {
      if let field = adds.flatMap({ fields[$0] }) { form.add(field) }
      page.filters = form
      return .page(page)
    }
    let isGood = form.check(on: model, fields)
    page.filters = form
    guard isGood else { return .page(page) }
    let filtered = filteredView(form, fields, handwritten)
    do throws(ClientFault) { _ = try TablePlan(filtered, on: model) } catch {
      page.fault = error.detail
      return .page(page)
    }
    let length = Route.table(card.id, model: model.name, filtered.text).address.text.utf8.count
    if length > Route.mostBytesOfView {
      page.fault =
        "The address of this view would have \(Grouped.text(length)) characters, and addresses have at most "
        + "\(Grouped.text(Route.mostBytesOfView)) here. Take fewer values, or a search."
      return .page(page)
    }
    return .view(filtered)
  }

  private func kept(_ fields: FilterFields, _ handwritten: Bool) -> [ViewText.Pair] {
    let rest = view.pairs(without: handwritten ? ["q"] : ["q", "expression", "arguments"])
    return view.unheldFilters(fields).map { ViewText.Pair("q[\($0.key)]", $0.value) } + rest
  }

  private func filteredView(_ form: FilterForm, _ fields: FilterFields, _ handwritten: Bool) -> TableView {
    var filtered = view.filtered(by: form.groups, fields.kind)
    filtered.filters += view.unheldFilters(fields)
    filtered.filters.sort { ($0.key, $0.value) < ($1.key, $1.value) }
    if handwritten {
      // Both must hold: the written one in parentheses, its values first.
      let more = filtered
      filtered.expression = more.expression.isEmpty ? view.expression : "(\(view.expression)) and \(more.expression)"
      filtered.arguments = Self.joined(view.arguments, more.arguments)
    }
    return filtered
  }

  private static func joined(_ first: String, _ second: String) -> String {
    let parts = [first, second].map { $0.dropFirst().dropLast() }.filter { !$0.isEmpty }
    return parts.isEmpty ? "" : "[" + parts.joined(separator: ",") + "]"
  }
}
