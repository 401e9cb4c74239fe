import Deployments
import HTTPServer
import Objects
import Storage
import Web
import Wire

extension DeploymentCall {
  /// The form of an object that was kept until its person had signed in again: as it was sent, and not sent.
  func held(_ route: Route, _ form: PostForm, _ number: Int64) async throws -> Response {
    let sent = try SentObject(form, held: number)
    guard let name = route.model, let id = route.object ?? sent.id else { throw PageFault.unreadableForm }
    let from = sent.from ?? .table(self.id, model: name, .none)
    let edit = EditCall(model: name, id: id, from: from, sent: sent)
    let (page, frame) = try await reading { try $0.pageAsSent(edit, sent, isNew: route.object == nil, .held) }
    return answer(page, in: frame)
  }

  /// A form that others were faster than, again and again: it comes back as it was sent.
  func contended(_ edit: EditCall, _ sent: SentObject, isNew: Bool) async throws -> Response {
    let (page, frame) = try await reading { try $0.pageAsSent(edit, sent, isNew: isNew, .contended) }
    return answer(page, in: frame, status: 409)
  }
}

extension Route {
  /// The object whose form it is.
  fileprivate var object: ObjectID? { if case .edit(_, _, let id, _) = self { id } else { nil } }
}

extension PageRead {
  fileprivate func pageAsSent(
    _ edit: EditCall, _ sent: SentObject, isNew: Bool, _ message: EditPage.Message
  ) throws -> EditPage {
    let model = try DeploymentCall.model(edit.model, self)
    var form = ObjectForm(of: model.stored, sent.fields)
    var subject = EditPage.Subject.new(edit.id)
    if !isNew, let row = try snapshot.object(model.stored, edit.id) {
      form.show(values(of: row, model))
      subject = .object(try link(edit.id, model))
    }
    var page = try editPage(edit, model, subject, form, opened: sent.opened)
    page.message = message
    return page
  }
}
