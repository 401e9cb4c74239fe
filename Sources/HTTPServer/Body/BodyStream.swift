/// One body on its way to its receiver, in constant memory.
///
/// The connection's thread gathers bytes to a piece (`add`, `takePiece`); a task passes the piece on
/// (`pass`, `end`), decompressed where the head says so, while the connection is suspended.
///
/// `@unchecked Sendable` is safe: `gathered` belongs to the connection's thread; all else belongs to the
/// tasks, of which there is one at a time, each started after the one before it was done.
final class BodyStream: @unchecked Sendable {
  /// A piece is passed on when it has so many bytes.
  static let pieceBytes = 256 * 1024
  /// Compressed bytes that are taken at a time: they become no more than a thousand times as many.
  private static let compressedStep = 1024

  private let receiver: any BodyReceiver
  private let refusal: @Sendable (TransportFailure) -> Response
  private var gathered: BodyBuffer
  private var inflater: Inflater?
  private var inflated: BodyBuffer
  /// Bytes passed on.
  private var total = 0

  /// `slack` is what may come at once beyond a piece: all that libmicrohttpd has read.
  init(
    to receiver: any BodyReceiver, coding: Inflater.Coding?, slack: Int, budget: BodyBudget,
    refusal: @escaping @Sendable (TransportFailure) -> Response
  ) {
    self.receiver = receiver
    self.refusal = refusal
    gathered = BodyBuffer(limit: Self.pieceBytes + slack, expected: 0, budget: budget)
    inflated = BodyBuffer(limit: receiver.limit, expected: 0, budget: budget)
    if let coding { inflater = Inflater(coding) }
  }

  // MARK: On the connection's thread

  func add(_ bytes: UnsafeRawBufferPointer) throws(TransportFailure) { try gathered.append(bytes) }

  var isPieceReady: Bool { gathered.count >= Self.pieceBytes }

  func takePiece() -> RequestBody { gathered.takeBody() }

  // MARK: In a task

  /// Nil when the receiver wants more, else the answer.
  func pass(_ piece: RequestBody) async -> Response? {
    if inflater == nil { return await give(piece) }
    var offset = 0
    while offset < piece.bytes.count {
      let end = min(offset + Self.compressedStep, piece.bytes.count)
      do throws(TransportFailure) { try inflate(piece, offset..<end) } catch {
        if case .bodyTooLarge = error { return refusal(.streamTooLarge(limit: receiver.limit)) }
        return refusal(error)
      }
      offset = end
      if inflated.count >= Self.pieceBytes, let answer = await give(inflated.takeBody()) { return answer }
    }
    return nil
  }

  /// Passes on what is left and lets the receiver answer.
  func end(_ rest: RequestBody) async -> Response {
    if let answer = await pass(rest) { return answer }
    if let isComplete = inflater?.isComplete, !isComplete { return refusal(.brokenEncoding) }
    if let answer = await give(inflated.takeBody()) { return answer }
    return await receiver.finish()
  }

  private func give(_ piece: RequestBody) async -> Response? {
    guard !piece.bytes.isEmpty else { return nil }
    guard piece.bytes.count <= receiver.limit - total else { return refusal(.streamTooLarge(limit: receiver.limit)) }
    total += piece.bytes.count
    return await receiver.receive(piece)
  }

  private func inflate(_ piece: RequestBody, _ range: Range<Int>) throws(TransportFailure) {
    // The pointer alone does not keep the piece.
    try withExtendedLifetime(piece) { () throws(TransportFailure) in
      try inflater?.feed(UnsafeRawBufferPointer(rebasing: piece.bytes[range]), into: &inflated)
    }
  }
}
