import HTTPServer
import Synchronization
import Wire

/// An object store that answers what it was told, one answer after the other; the last one again and again.
final class ScriptedStore: Handler {
  private let answers: Mutex<[Response]>
  private let heard = Mutex<[RequestHead]>([])

  init(_ answers: [Response]) { self.answers = Mutex(answers) }

  var requests: [RequestHead] { heard.withLock { $0 } }

  func verdict(on head: RequestHead) -> Verdict {
    heard.withLock { $0.append(head) }
    let answer = answers.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
    return .read { _ in answer }
  }

  func response(to failure: TransportFailure, of head: RequestHead) -> Response { Response(status: 500) }

  func finished(_ exchange: FinishedExchange) {}
}

extension Response {
  static func xml(_ status: Int, _ text: String) -> Response {
    Response(
      status: status, headers: [("Content-Type", "application/xml")], body: .block(ByteBlock(Array(text.utf8))))
  }
}
