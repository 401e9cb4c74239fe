/// Takes in the body of one request. Used on the connection's thread only.
final class BodyCollector {
  private var buffer: BodyBuffer
  private var inflater: Inflater?

  /// `declared` is the length that the head announces, compressed where `coding` is given.
  init(limit: Int, declared: Int?, coding: Inflater.Coding?, budget: BodyBudget) {
    // How much a compressed body will become nobody knows before.
    buffer = BodyBuffer(limit: limit, expected: coding == nil ? declared ?? 0 : 0, budget: budget)
    if let coding { inflater = Inflater(coding) }
  }

  func add(_ bytes: UnsafeRawBufferPointer) throws(TransportFailure) {
    if inflater != nil {
      try inflater?.feed(bytes, into: &buffer)
    } else {
      try buffer.append(bytes)
    }
  }

  /// The whole body. The collector is empty after.
  func finish() throws(TransportFailure) -> RequestBody {
    if let complete = inflater?.isComplete, !complete { throw .brokenEncoding }
    inflater = nil
    return buffer.takeBody()
  }
}
