/// Takes in the body of one request piece by piece, for bodies that may be larger than memory.
///
///     final class Upload: BodyReceiver {
///       let limit = 5 << 30
///       func receive(_ piece: RequestBody) async -> Response? { await write(piece) ? nil : diskIsFull }
///       func finish() async -> Response { created }
///     }
///
/// 1. Calls come one after the other, each on some thread that tasks share: writing belongs on threads of
///    its own. While one is under way, no more is read from the client.
/// 2. Pieces are decompressed, in order, none of them empty, and of about 256 KiB but the last.
/// 3. Where the body breaks off or breaks a limit, `finish` is never called: the receiver is let go of.
package protocol BodyReceiver: AnyObject, Sendable {
  /// Bytes of the whole body, decompressed. Beyond: `TransportFailure.streamTooLarge`.
  var limit: Int { get }
  /// Takes one piece. An answer ends it: what still comes is not read.
  func receive(_ piece: RequestBody) async -> Response?
  /// The body is complete, also when there was none.
  func finish() async -> Response
}
