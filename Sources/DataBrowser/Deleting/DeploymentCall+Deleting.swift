import DataModel
import Deployments
import HTTPServer
import Objects
import People
import Storage
import Web
import Wire

extension DeploymentCall {
  /// The route by which an object of this model is deleted: an app user's takes two roles and elevation.
  func deletion(of name: String, _ id: ObjectID, from: Route? = nil) -> Route {
    isUsers(name) ? .deleteUser(self.id, model: name, id, from: from) : .delete(self.id, model: name, id, from: from)
  }

  func isUsers(_ name: String) -> Bool {
    AppUsers.model(of: deployment, in: calls.view.stored)?.name == name
  }

  /// Asks for an object to be deleted, or deletes it.
  func delete(_ name: String, _ id: ObjectID, asUser: Bool, from: Route?, _ form: PostForm?) async throws -> Response {
    let route = deletion(of: name, id, from: from)
    // By the other route, which asks for more or for less.
    if asUser != isUsers(name) { return DataBrowserHandler.seeOther(route) }
    let call = DeleteCall(call: self, name: name, id: id, isUser: asUser)
    guard let form else { return try await call.page(back: back(name, id, from ?? visit.referer)) }
    let back = back(name, id, Route(address: form[DeleteForm.from], origin: visit.origin))
    return try await page.once(form) { try await call.perform(form, back: back) }
  }

  /// Where one goes on: the view that one came from. The object's own page will not be there any more.
  private func back(_ name: String, _ id: ObjectID, _ route: Route?) -> Route {
    switch route {
    case .table(self.id, _, _)?, .view(self.id, _, _)?: route ?? .overview(self.id)
    default: .table(self.id, model: name, .none)
    }
  }
}

/// One deletion, asked for or done.
private struct DeleteCall: Sendable {
  let call: DeploymentCall
  let name: String
  let id: ObjectID
  let isUser: Bool

  /// How often it is looked at anew where others were faster.
  private static let tries = 3

  func page(back: Route, fault: String? = nil, status: Int = 200) async throws -> Response {
    let (page, frame) = try await call.reading { read in
      let deletion = try read.deletion(of: id, try DeploymentCall.model(name, read))
      let route = call.deletion(of: name, id)
      return DeletePage(
        card: DeploymentCard(call.deployment), label: deletion.model.stored.model.label, link: deletion.link,
        referrers: deletion.referrers, count: deletion.count, moment: deletion.moment, route: route, back: back,
        ticket: call.visit.ticket(route), isUser: isUser, fault: fault)
    }
    return call.answer(page, in: frame, status: status)
  }

  func perform(_ sent: PostForm, back: Route) async throws -> PageCall.Once {
    guard let form = DeleteForm(sent) else {
      return .refused(try await page(back: back, fault: "The form was incomplete. Look at it again.", status: 422))
    }
    for _ in 0..<Self.tries {
      let (planned, _) = try await call.reading { read in try plan(form, read) }
      switch planned {
      case .refused(let sentence, let status):
        return .refused(try await page(back: back, fault: sentence, status: status))
      case .write(let write, let models):
        if let written = try await written(write, models) { return .done(back, Done(written)) }
      }
    }
    let sentence = "Others write to what refers to it all the time: nothing was deleted. Try again in a moment."
    return .refused(try await page(back: back, fault: sentence, status: 409))
  }

  private enum Planned: Sendable {
    /// Under the data model that it was planned under.
    case write(PageWrite, VisibleModels)
    case refused(String, status: Int)
  }

  /// What is written, or why nothing is.
  private func plan(_ form: DeleteForm, _ read: PageRead) throws -> Planned {
    let model = try DeploymentCall.model(name, read)
    let deletion = try read.deletion(of: id, model)
    if isUser, DeletePage.words(form.typed) != DeletePage.word(of: deletion.link) {
      return .refused("Nothing was deleted: type “\(DeletePage.word(of: deletion.link))” to go on.", status: 422)
    }
    if deletion.sequence > form.moment {
      return .refused("It was changed since you opened this page. Nothing was deleted.", status: 409)
    }
    if let announced = form.count, let count = deletion.count, count > announced {
      return .refused("More refers to it than when you opened this page. Nothing was deleted.", status: 409)
    }
    var steps = ClearingSteps()
    if form.clears {
      guard let count = deletion.count, count <= Deletion.mostCleared,
        let found = try read.clearing(id, of: model, announcedAt: form.moment)
      else {
        let sentence = "Objects that refer to it were written to since you opened this page. Nothing was deleted."
        return .refused(sentence, status: 409)
      }
      steps = found
    }
    let clearing = steps.plan
    var write = PageWrite(clearing.steps + [.delete(model.stored, id)])
    write.preconditions =
      clearing.conditions + [.object(step: clearing.steps.count, .sequence(among: [deletion.sequence]))]
    return .write(write, read.models)
  }

  /// Nil where somebody wrote in between, and all must be looked at anew.
  private func written(_ write: PageWrite, _ models: VisibleModels) async throws -> PageWritten? {
    let cleared = write.steps.count - 1
    let what = "\(name) \(id.description)" + (cleared > 0 ? ", and its id in \(Grouped.text(cleared, "object"))" : "")
    do {
      return try await call.audited(.delete, what) {
        let written = try await call.write(write, under: models)
        if written.failure != nil { throw Overtaken.overtaken }
        return written
      }
    } catch is Overtaken {
      return nil
    } catch StorageError.replan {
      return nil
    }
  }

  private enum Overtaken: Error { case overtaken }
}
