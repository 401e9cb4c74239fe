import HTTPServer

extension PageCall {
  /// The server itself.
  func server() async throws -> Response {
    respond(ServerPage(handler.services.server.figures()))
  }
}
