import HTTPServer

/// A body that comes while it is not known yet what becomes of it: the verdict is asked for with the first
/// piece, and whoever it names takes in all of them. So a body that is refused is not kept until then, and its
/// length is held to the limit of what it is for.
///
/// `@unchecked Sendable` is safe: the server calls it one call after the other.
final class PendingReceiver: BodyReceiver, @unchecked Sendable {
  let limit: Int
  private let verdict: @Sendable () async -> Verdict
  private var known: Verdict?

  /// `verdict` answers, streams, or reads no body.
  init(limit: Int, verdict: @escaping @Sendable () async -> Verdict) {
    self.limit = limit
    self.verdict = verdict
  }

  func receive(_ piece: RequestBody) async -> Response? {
    switch await decided() {
    case .answer(let response): return response
    case .read(let respond): return await respond(.none)
    case .stream(let receiver): return await receiver.receive(piece)
    }
  }

  func finish() async -> Response {
    switch await decided() {
    case .answer(let response): return response
    case .read(let respond): return await respond(.none)
    case .stream(let receiver): return await receiver.finish()
    }
  }

  private func decided() async -> Verdict {
    if let known { return known }
    let verdict = await verdict()
    known = verdict
    return verdict
  }
}
