import HTTPServer
import People
import Web

extension PageCall {
  /// What became of a form that must not be done twice.
  enum Once {
    /// It was done, and leads here.
    case done(Route)
    /// Nothing was done, and the form can be sent again.
    case refused(Response)
  }

  /// Does what a form asks for. When it is sent again, it is led where the first one was.
  func once(_ form: PostForm, _ act: () async throws -> Once) async throws -> Response {
    guard let nonce = form.nonce else { throw PageFault.badTicket }
    switch try await people.claim(nonce) {
    case .done(let path) where !path.isEmpty:
      return DataBrowserHandler.seeOther(Route(address: path, origin: visit.origin) ?? .deployments)
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
    case .done(let route):
      try? await people.settle(nonce, route.address.text)
      return DataBrowserHandler.seeOther(route)
    case .refused(let response):
      try? await people.settle(nonce, "")
      return response
    }
  }
}

extension PageFault {
  static let running = PageFault(
    409, "It is being done already", "This form was sent before, and the first one is not finished, or was cut off.",
    next: "Open the page that it was sent from, and see what it says now.")
}
