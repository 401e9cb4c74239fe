import DataModel
import HTTPServer
import Objects
import People
import Storage
import Web
import Wire

extension DeploymentCall {
  /// Asks whether an object is to be as it was after one of its entries, or makes it so.
  func restore(_ name: String, _ id: ObjectID, to sequence: Int64?, _ form: PostForm?) async throws -> Response {
    guard let sequence else { return DataBrowserHandler.seeOther(.history(self.id, model: name, id)) }
    let call = RestoreCall(call: self, name: name, id: id, sequence: sequence)
    guard let form else {
      return try await call.page(back: call.back(visit.referer))
    }
    let back = call.back(from: form)
    if form[RestoreForm.act] == RestoreForm.cancel { return DataBrowserHandler.seeOther(back) }
    return try await page.once(form) { try await call.perform(RestoreForm(form), back: back) }
  }

  /// A form that was kept until its person had signed in again: with what would change by now, and not sent.
  func heldRestore(_ route: Route, _ form: PostForm, _ number: Int64) async throws -> Response {
    guard case .restore(_, let name, let id, let sequence?) = route else { throw PageFault.unreadableForm }
    let call = RestoreCall(call: self, name: name, id: id, sequence: sequence)
    return try await call.page(back: call.back(from: form), .held, held: number)
  }
}

/// One restoration, asked for or done.
private struct RestoreCall: Sendable {
  let call: DeploymentCall
  let name: String
  let id: ObjectID
  /// Of the entry whose state comes back.
  let sequence: Int64

  /// How often it is looked at anew where others were faster.
  private static let tries = 3

  private var route: Route { .restore(call.id, model: name, id, to: sequence) }

  /// Where *Cancel* leads: the history or the deleted objects, whichever one came from.
  func back(_ route: Route?) -> Route {
    switch route {
    case .history(call.id, name, id, _)?, .deleted(call.id, name, _)?: route ?? .overview(call.id)
    default: .history(call.id, model: name, id)
    }
  }

  func back(from form: PostForm) -> Route {
    back(Route(address: form[RestoreForm.from], origin: call.visit.origin))
  }

  func page(
    back: Route, _ message: RestorePage.Message? = nil, held: Int64? = nil, status: Int = 200
  ) async throws -> Response {
    let ((page, users), frame) = try await call.reading { read in
      let model = try DeploymentCall.model(name, read)
      let found = try read.restorable(sequence, of: id, model)
      let states = try found.states(read, model)
      let display = try read.displays(of: [id], in: model)[id] ?? states[0].display
      var page = RestorePage(
        card: DeploymentCard(call.deployment), label: model.stored.model.label,
        link: ObjectLink(model: name, id: id, display: display), fields: model.stored.columns.map(\.label),
        states: states, restoration: found.restoration, form: found.form, route: route, back: back,
        ticket: call.visit.ticket(route), isUser: call.isUsers(name))
      page.message = message
      page.held = held.map { "\($0)" }
      return (page, try read.users(of: states.compactMap(\.origin)))
    }
    var shown = page
    shown.states = try await call.named(page.states, users)
    return call.answer(shown, in: frame, status: status)
  }

  func perform(_ form: RestoreForm, back: Route) async throws -> PageCall.Once {
    for _ in 0..<Self.tries {
      let (planned, _) = try await call.reading { read in try plan(form, read) }
      switch planned {
      case .refused(let message): return .refused(try await page(back: back, message, status: 409))
      case .nothing: return .done(.object(call.id, model: name, id))
      case .write(let write, let models):
        guard let written = try await written(write, models) else { continue }
        var done = Done(written)
        done?.restored = sequence
        return .done(.object(call.id, model: name, id), done)
      }
    }
    return .refused(try await page(back: back, .contended, status: 409))
  }

  private enum Planned: Sendable {
    /// Under the data model that it was planned under.
    case write(PageWrite, VisibleModels)
    case nothing
    case refused(RestorePage.Message)
  }

  /// What is written, or why nothing is.
  private func plan(_ form: RestoreForm, _ read: PageRead) throws -> Planned {
    let model = try DeploymentCall.model(name, read)
    let found: RestorableState
    do { found = try read.restorable(sequence, of: id, model) } catch var fault as PageFault {
      // It was there when the page was opened.
      fault.status = 409
      throw fault
    }
    switch (form.seen, found.form.seen) {
    case (nil, .some): return .refused(.thereAgain)
    case (.some, nil): return .refused(.deleted)
    case (let seen, let now) where seen != now: return .refused(.changed)
    default: break
    }
    if form != found.form { return .refused(.otherwise) }
    if found.now != nil, found.restoration.changes.isEmpty { return .nothing }
    var write = PageWrite([found.restoration.step(for: id, isThere: found.now != nil)])
    write.preconditions = [.object(step: 0, found.now.map { .sequence(among: [$0.sequence]) } ?? .isAbsent)]
    return .write(write, read.models)
  }

  /// Nil where somebody wrote in between, and all must be looked at anew.
  private func written(_ write: PageWrite, _ models: VisibleModels) async throws -> PageWritten? {
    do {
      let written = try await call.write(write, under: models)
      return written.failure == nil ? written : nil
    } catch StorageError.replan {
      return nil
    }
  }
}
