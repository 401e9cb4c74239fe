import HTTPServer

/// A handler of paths that everyone may read, without credentials.
protocol PublicHandler: CommonHandler {
  /// What stands at a path; nil where there is nothing. `kind` is one of `RouteLabel`.
  func response(to head: RequestHead, at segments: [String], kind: inout UInt8) -> Response?
}

extension PublicHandler {
  func verdict(on head: RequestHead, kind: inout UInt8) -> Verdict {
    do throws(APIError) {
      let segments = try head.readSegments()
      let isReading = head.method == .get || head.method == .head
      guard isReading, let response = response(to: head, at: segments, kind: &kind) else { throw .noRoute(head) }
      return .answer(response)
    } catch {
      return .answer(common.answers(head).response(to: error))
    }
  }
}
