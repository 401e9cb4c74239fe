import DataModel
import HTTPServer
import Objects
import People
import QueryLanguage
import Storage
import Web
import Wire

extension DeploymentCall {
  // MARK: The list.

  func namedViews() async throws -> Response {
    let views = try await page.people.namedViews(in: id, of: visitor)
    let defaults = try await page.people.viewDefaults(in: id, for: visitor)
    let names = try await page.people.names(of: Set(views.map(\.owner)))
    let entries = views.map { view in
      var entry = ViewsPage.Entry(view)
      entry.owner = owner(of: view, names)
      entry.opensForOne = defaults.contains { $0.number == view.number && $0.person != nil }
      entry.opensForAll = defaults.contains { $0.number == view.number && $0.person == nil }
      return entry
    }
    let (groups, frame) = try await reading { read in try self.groups(of: entries, read) }
    return answer(ViewsPage(card: DeploymentCard(deployment), groups: groups), in: frame)
  }

  /// In the data model's order. Those of models that are gone are their owner's alone: the mark of a model that is not
  /// declared is not known any more.
  private func groups(of entries: [ViewsPage.Entry], _ read: PageRead) throws -> [ViewsPage.Group] {
    let byModel = Dictionary(grouping: entries, by: \.view.model)
    var groups = try read.models.all.compactMap { model in
      try byModel[model.name].map { ViewsPage.Group(model: try read.card(model), entries: $0) }
    }
    let gone = entries.filter { read.models.isGone($0.view.model) && $0.view.owner == visitor.person.id }
    if !gone.isEmpty { groups.append(ViewsPage.Group(model: nil, entries: gone)) }
    return groups
  }

  /// Nil where it is the visitor's own.
  private func owner(of view: NamedView, _ names: [PersonID: String]) -> String? {
    view.owner == visitor.person.id ? nil : names[view.owner] ?? "person \(view.owner)"
  }

  // MARK: Keeping what a table shows.

  func keep(_ name: String, _ text: ViewText, _ form: PostForm?) async throws -> Response {
    let opened = try await opened(form?.pairs ?? text.query, of: name)
    if form?["do"] == ViewFormPage.Act.cancel.rawValue { return DataBrowserHandler.seeOther(opened.route) }
    let rights = ViewForm.Rights(changes: true, owns: true, administers: visitor.has(.administrator, in: id))
    let sent = try form.map { try Self.container(of: $0) }
    let action = Route.keep(id, model: name, .none)
    let ticket = visit.ticket(action)
    let (read, frame) = try await reading { read in
      let model = try Self.model(name, read)
      do throws(ClientFault) { _ = try TablePlan(opened.view, on: model) } catch {
        throw fault(error, opened.links, opened.view)
      }
      var page = ViewFormPage(
        card: DeploymentCard(deployment), label: model.stored.model.label, action: action, ticket: ticket,
        content: try read.content(of: opened.view, opened.links, on: model),
        questions: ViewForm(ViewDraft(name: ""), rights, of: model.stored.model.label))
      page.pairs = opened.links.pairs(opened.view.canonical)
      if let sent { page.questions.read(sent) }
      return page
    }
    guard let form else { return answer(read, in: frame) }
    guard read.questions.form.isGood else { return answer(read, in: frame, status: 422) }
    return try await page.once(form) { try await add(opened.view.canonical, of: name, read, frame) }
  }

  private func add(
    _ view: TableView, of name: String, _ page: ViewFormPage, _ frame: Frame
  ) async throws -> PageCall.Once {
    do {
      let number = try await self.page.people.add(
        page.questions.draft(nil), showing: Route.table(id, model: name, view.text).address.text, of: name, in: id,
        by: visitor)
      return .done(ViewLinks.named(number, view, id, name))
    } catch let fault as PeopleFault {
      var page = page
      page.questions.form.take(fault)
      return .refused(answer(page, in: frame, status: fault.status))
    }
  }

  private static func container(of form: PostForm) throws(PageFault) -> FormContainer {
    do throws(FormError) { return try FormContainer(form.pairs) } catch { throw .unreadableForm }
  }

  // MARK: Changing one.

  func editView(_ number: Int64, _ form: PostForm?) async throws -> Response {
    guard let form else {
      let (page, frame) = try await viewForm(of: number, nil)
      return answer(page, in: frame)
    }
    return try await page.once(form) { try await change(number, form) }
  }

  private func change(_ number: Int64, _ form: PostForm) async throws -> PageCall.Once {
    let (page, frame) = try await viewForm(of: number, form)
    let back = page.kept?.route ?? .views(id)
    switch form["do"] {
    case ViewFormPage.Act.cancel.rawValue: return .done(back)
    case ViewFormPage.Act.delete.rawValue where page.questions.rights.changes:
      return try await take(form, page, frame) { view in
        try await self.page.people.drop(view)
        return .views(id)
      }
    default:
      guard page.questions.form.isGood else { return .refused(answer(page, in: frame, status: 422)) }
      return try await take(form, page, frame) { view in
        try await self.page.people.change(view, to: page.questions.draft(view), by: visitor)
        return back
      }
    }
  }

  /// Does something to the view as whoever sent the form has seen it; where it is another one now, they are shown the form
  /// again.
  private func take(
    _ form: PostForm, _ page: ViewFormPage, _ frame: Frame, _ act: (NamedView) async throws -> Route
  ) async throws -> PageCall.Once {
    guard let kept = page.kept else { throw Self.noView }
    do {
      if form[ViewFormPage.revision] != "\(kept.view.revision)" { throw PeopleFault.changed }
      return .done(try await act(kept.view))
    } catch let fault as PeopleFault {
      var page = page
      page.questions.form.take(fault)
      if fault == .changed { page.questions.form.fault = Self.changed(kept) }
      return .refused(answer(page, in: frame, status: fault.status))
    }
  }

  private static func changed(_ kept: ViewFormPage.Kept) -> String {
    "The view was changed since you opened this form: it is called “\(CutText.cut(kept.view.name))” now and is "
      + "\(kept.view.isShared ? "shared" : "private"). Nothing was done. Send it again to put yours in its place."
  }

  private func viewForm(
    of number: Int64, _ form: PostForm?
  ) async throws -> (ViewFormPage, Frame) {
    guard let found = try await page.people.namedView(number, in: id, of: visitor) else { throw Self.noView }
    let view = found.view
    let defaults = try await page.people.viewDefaults(of: view.model, in: id, for: visitor)
    let names = try await page.people.names(of: [view.owner])
    let sent = try form.map { try Self.container(of: $0) }
    let action = Route.editView(id, view.number)
    let ticket = visit.ticket(action)
    var (page, frame) = try await reading { read in
      let model = read.models[view.model]
      guard model != nil || read.models.isGone(view.model) && view.owner == visitor.person.id else { throw Self.noView }
      let label = model?.stored.model.label ?? view.model
      let opened = self.opened(view, found.address)
      var draft = ViewDraft(name: view.name, note: view.note, isShared: view.isShared)
      draft.opensForOne = defaults.contains { $0.number == view.number && $0.person != nil }
      draft.opensForAll = defaults.contains { $0.number == view.number && $0.person == nil }
      let content = try model.flatMap { model in
        try opened.map { try read.content(of: $0.view, $0.links, on: model) }
      }
      var page = ViewFormPage(
        card: DeploymentCard(deployment), label: label, action: action, ticket: ticket,
        content: content ?? ViewContent(filters: nil, sort: [], columns: []),
        questions: ViewForm(draft, rights(to: view), of: label))
      page.kept = ViewFormPage.Kept(
        view: view, owner: owner(of: view, names), route: model == nil ? nil : opened?.route)
      if let sent, form?["do"] != ViewFormPage.Act.delete.rawValue { page.questions.read(sent) }
      return page
    }
    frame.current = view.model
    return (page, frame)
  }

  private func rights(to view: NamedView) -> ViewForm.Rights {
    ViewForm.Rights(
      changes: page.people.may(visitor, change: view), owns: view.owner == visitor.person.id,
      administers: visitor.has(.administrator, in: id))
  }
}
