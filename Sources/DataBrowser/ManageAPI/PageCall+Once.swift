import HTTPServer
import People
import Storage
import Web

extension PageCall {
  /// What became of a form that must not be done twice.
  enum Once {
    /// It was done, and leads here, with the notice of it.
    case done(Route, Done? = nil)
    /// Nothing was done, and the form can be sent again.
    case refused(Response)
  }

  /// Does what a form asks for. When it is sent again, it is led where the first one was.
  func once(_ form: PostForm, _ act: () async throws -> Once) async throws -> Response {
    guard let nonce = form.nonce else { throw PageFault.badTicket }
    switch try await people.claim(nonce) {
    case .done(let path) where !path.isEmpty:
      return DataBrowserHandler.seeOther(Route(address: path, origin: visit.origin) ?? .deployments, Done(of: path))
    case .running: throw PageFault.running
    // One that was refused before is looked at again.
    case .first, .done: break
    }
    let outcome: Once
    do {
      outcome = try await act()
    } catch {
      try? await people.settle(nonce, "")
      throw error
    }
    // It is done, whether this can be kept or not; without it, a second one is told that the first is running.
    switch outcome {
    case .done(let route, let done):
      let address = done.map { route.address(done: $0) } ?? route.address
      try? await people.settle(nonce, address.text)
      return DataBrowserHandler.seeOther(address)
    case .refused(let response):
      try? await people.settle(nonce, "")
      return response
    }
  }

  /// Makes a change that lies elsewhere than the audit, between two entries. Where the first cannot be written, it is not
  /// made.
  func audited<Value: Sendable>(
    _ action: AuditAction, _ what: String, in deployment: String?, _ change: () async throws -> Value
  ) async throws -> Value {
    let person = try visitor.person.id
    func entry(_ outcome: String) -> AuditDraft {
      var draft = people.entry(action, by: person, visit.browser, target: what, outcome: outcome)
      draft.deployment = deployment
      return draft
    }
    try await people.record(entry("began"))
    do {
      let value = try await change()
      try? await people.record(entry("done"))
      return value
    } catch {
      try? await people.record(entry("failed"))
      throw error
    }
  }

  /// Keeps a secret for the page that shows it; `done` says what it was drawn for.
  func keep(_ secret: String, on name: String, _ done: String) async throws {
    do {
      try await people.show(secret, on: name, to: try visitor)
    } catch let error as StorageError {
      var fault = PageFault(error)
      fault.detail = "\(done), but what was drawn could not be kept to be shown: draw another. \(fault.detail)"
      fault.hasWritten = true
      throw fault
    }
  }
}

extension PageFault {
  static let running: PageFault = {
    var fault = PageFault(
      409, "It is being done already",
      "This form was sent before. The first one is not finished, or was cut off: it was done or it was not.",
      next: "Open the page that it was sent from, and see what it says now.")
    fault.hasWritten = nil
    return fault
  }()
}
