import DataModel
import Deployments
import HTTPServer
import Objects
import QueryLanguage
import Storage
import Synchronization
import Web
import Wire

extension DeploymentCall {
  /// How often a save begins anew where somebody else was faster.
  private static let mostTries = 3

  /// The form of an object that is there.
  func edit(_ name: String, _ id: ObjectID, from: Route?, _ form: PostForm?) async throws -> Response {
    let back = SentObject.back(from?.address.text) ?? referredView ?? .object(self.id, model: name, id)
    guard let form else {
      let edit = EditCall(model: name, id: id, from: back)
      let (page, frame) = try await reading { try $0.editPage(edit) }
      return answer(page, in: frame)
    }
    let sent = try SentObject(form)
    let edit = EditCall(model: name, id: id, from: sent.from ?? .object(self.id, model: name, id), sent: sent)
    if sent.act == .question { return Self.yes }
    if sent.act == .cancel { return DataBrowserHandler.seeOther(edit.from) }
    if let response = try await trying({ try await save(edit, sent) }) { return response }
    return try await contended(edit, sent, isNew: false)
  }

  /// Tries again where somebody else was faster; nil where they always are.
  func trying(_ body: () async throws -> Response?) async throws -> Response? {
    for _ in 0..<Self.mostTries {
      if let response = try await body() { return response }
    }
    return nil
  }

  /// A form would be taken.
  static let yes = Response(status: 204, headers: [("Cache-Control", "no-store")] + PageHeaders.isolation)

  /// Nil where somebody else has changed the object between reading and writing.
  private func save(_ edit: EditCall, _ sent: SentObject) async throws -> Response? {
    try await calls.planning { view in
      let (verdict, frame) = try await reading { try $0.verdict(on: edit, sent) }
      switch verdict {
      case .page(let page, let status): return answer(try await named(page), in: frame, status: status)
      case .find(let page): return answer(page, in: frame, status: 422)
      case .nothing: return DataBrowserHandler.seeOther(next(edit, sent))
      case .write(let write, let kept):
        let written = try await self.write(write, under: models(of: view))
        switch written.failure {
        case nil: return DataBrowserHandler.seeOther(next(edit, sent), Done(written, kept: kept))
        default: return nil
        }
      }
    }
  }

  /// Where one goes on after a save.
  func next(_ edit: EditCall, _ sent: SentObject) -> Route {
    switch sent.act {
    case .stay: .edit(id, model: edit.model, edit.id, from: edit.from)
    case .new: .new(id, model: edit.model, NewObject(from: edit.from))
    default: edit.from
    }
  }

  /// The view that led here, where it is one that one can go back to.
  var referredView: Route? {
    guard let view = visit.referer?.asView, view.deployment == id else { return nil }
    return view
  }

  /// With the names of those who changed what is in conflict.
  private func named(_ page: EditPage) async throws -> EditPage {
    var page = page
    let origins = page.notes.conflicts.values.compactMap(\.origin)
    if origins.isEmpty { return page }
    let names = try await names(of: origins, users: page.notes.users)
    page.notes.conflicts = page.notes.conflicts.mapValues { conflict in
      var conflict = conflict
      conflict.who = conflict.origin.map(names.words)
      return conflict
    }
    return page
  }
}
