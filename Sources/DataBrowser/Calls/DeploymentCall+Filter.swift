import DataModel
import HTTPServer
import Objects
import People
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
    let opened = try await opened(pairs, of: name)
    let ticket = visit.ticket(.filter(id, model: name, .none))
    let card = DeploymentCard(deployment)
    let act = sent["do"]?.text ?? ""
    if act == "cancel" { return DataBrowserHandler.seeOther(opened.route) }
    let isSent = sent["f"] != nil
    let adds = ViewLinks.condition(in: sent)
    let origin = visit.origin
    let (result, frame) = try await reading { read in
      let model = try Self.model(name, read)
      var result = FilterCall(
        model: model, opened: opened, origin: origin, isSent: isSent, act: act, adds: adds
      ).result(sent, card, ticket)
      if case .page(var page) = result {
        try read.name(&page.filters)
        result = .page(page)
      }
      return result
    }
    switch result {
    case .view(let view): return DataBrowserHandler.seeOther(opened.links.table(view))
    case .choose(let relationship, let view):
      return DataBrowserHandler.seeOther(opened.links.pick(relationship, for: view))
    case .long(let view, var page):
      guard form != nil else {
        page.isTooLong = true
        return answer(page, in: frame)
      }
      do {
        return DataBrowserHandler.seeOther(try await keep(view, opened.links))
      } catch let fault as PeopleFault {
        page.fault = fault.sentence
        return answer(page, in: frame, status: 422)
      }
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
  let opened: OpenedView
  let origin: String
  let isSent: Bool
  let act: String
  /// A further condition, or the field of one.
  let adds: Condition?

  private var view: TableView { opened.view }

  enum Result: Sendable {
    case view(TableView)
    /// An object is to be chosen for the relationship.
    case choose(String, TableView)
    /// It is too long for an address.
    case long(TableView, FilterPage)
    case page(FilterPage)
  }

  func result(_ sent: FormContainer, _ card: DeploymentCard, _ ticket: String) -> Result {
    let fields = FilterFields(of: model)
    let handwritten = !view.expression.isEmpty && !view.isExpressionHeld(fields)
    var form = isSent ? FilterForm(sent, fields) : FilterForm(view, fields)
    var page = FilterPage(
      card: card, links: opened.links, label: model.stored.model.label, view: view,
      kept: kept(fields, handwritten), filters: form,
      hasHandwritten: handwritten, ticket: ticket)
    if act.hasPrefix(FilterForm.removing) { return .page(page) }
    if act == "add" || !isSent && act != "apply" {
      if let adds, let field = fields[adds.name] { form.add(field, adds) }
      page.filters = form
      return .page(page)
    }
    let relationship = act.hasPrefix(FilterForm.choosing) ? String(act.dropFirst(FilterForm.choosing.count)) : nil
    // What stands in the row is given up with the choice, good or not.
    if let relationship { form = form.without(relationship) }
    let isGood = form.check(on: model, fields)
    page.filters = form
    guard isGood else { return .page(page) }
    let filtered = filteredView(form, fields, handwritten)
    do throws(ClientFault) { _ = try TablePlan(filtered, on: model) } catch {
      page.fault = error.detail
      return .page(page)
    }
    if let relationship { return .choose(relationship, filtered) }
    let length = origin.utf8.count + opened.links.table(filtered).address.text.utf8.count
    return length > Route.mostBytesOfView ? .long(filtered, page) : .view(filtered)
  }

  private func kept(_ fields: FilterFields, _ handwritten: Bool) -> [ViewText.Pair] {
    if opened.links.kept != nil { return opened.links.pairs(view) }
    let rest = view.pairs(without: handwritten ? ["q"] : ["q", "expression", "arguments"])
    return view.unheldFilters(fields).map { ViewText.Pair("q[\($0.key)]", $0.value) } + rest
  }

  private func filteredView(_ form: FilterForm, _ fields: FilterFields, _ handwritten: Bool) -> TableView {
    var filtered = view.filtered(by: form.groups, fields.kind)
    filtered.filters += view.unheldFilters(fields)
    filtered.filters.sort { ($0.key, $0.value) < ($1.key, $1.value) }
    guard handwritten else { return filtered }
    let more = (filtered.expression, filtered.arguments)
    (filtered.expression, filtered.arguments) = (view.expression, view.arguments)
    filtered.addExpression(more.0, arguments: more.1)
    return filtered
  }
}

extension PageRead {
  /// Puts beside the ids of relationships what they stand for.
  fileprivate func name(_ form: inout FilterForm) throws {
    for index in form.rows.indices {
      guard case .relationship(let name) = form.rows[index].field.kind, let model = models[name] else { continue }
      let ids = form.rows[index].texts.prefix(FilterForm.mostNames).compactMap { ObjectID($0.lowercased()) }
      for (id, display) in try displays(of: Array(Set(ids)), in: model) {
        form.rows[index].names[id.description] = display
      }
    }
  }
}
