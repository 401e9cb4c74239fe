import Wire

@testable import HTTPServer

/// Bodies in gzip and deflate: whole and in pieces they are the same, and never larger than their limit. The first byte
/// says how they are cut.
enum InflatedBodies {
  private enum Outcome: Equatable {
    case body([UInt8], isComplete: Bool)
    case refused
  }

  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    let (choice, body) = input.choiceAndRest
    for coding in [Inflater.Coding.gzip, .deflate] {
      for limit in [100, 1 << 20] {
        let budget = BodyBudget(limit: 1 << 24)
        let whole = outcome([body.bytes], coding, limit, budget)
        let cut = outcome(body.pieces([choice / 16, choice % 16]), coding, limit, budget)
        try promise(cut == whole, "in pieces of \(choice / 16) and \(choice % 16) it is \(cut), whole \(whole)")
        if case .body(let bytes, _) = whole { try promise(bytes.count <= limit, "a body has a limit: \(bytes.count)") }
        try promise(budget.bytesInUse, is: 0, "what was taken for bodies is given back")
      }
    }
  }

  private static func outcome(
    _ pieces: [[UInt8]], _ coding: Inflater.Coding, _ limit: Int, _ budget: BodyBudget
  ) -> Outcome {
    var inflater = Inflater(coding)
    var buffer = BodyBuffer(limit: limit, expected: 0, budget: budget)
    do throws(TransportFailure) {
      for piece in pieces {
        var fault: TransportFailure?
        piece.withUnsafeBytes { bytes in
          do throws(TransportFailure) { try inflater.feed(bytes, into: &buffer) } catch { fault = error }
        }
        if let fault { throw fault }
      }
    } catch {
      return .refused
    }
    let isComplete = inflater.isComplete
    let taken = buffer.takeBody()
    return withExtendedLifetime(taken) { .body(Array(taken.bytes), isComplete: isComplete) }
  }
}
