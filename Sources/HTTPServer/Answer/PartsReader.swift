import CMicrohttpd
import Glibc
import Wire

/// Hands libmicrohttpd the bytes of an answer that is made of parts of a file and text between them, in
/// pieces, as the client takes them.
final class PartsReader {
  /// How many bytes are read at a time; each answer under way holds as much memory.
  private static let pieceBytes = 64 * 1024

  private let file: OwnedDescriptor
  private let parts: [Response.Part]
  private let length: Int
  /// The part that is being sent, and where in the answer it begins. libmicrohttpd asks in order.
  private var index = 0
  private var begin = 0

  init(_ file: OwnedDescriptor, _ parts: [Response.Part]) {
    self.file = file
    self.parts = parts
    length = parts.reduce(0) { $0 + $1.length }
  }

  /// libmicrohttpd's response, which keeps the reader as long as it lives itself; nil without memory.
  func response() -> OpaquePointer? {
    let owner = Unmanaged.passRetained(self).toOpaque()
    let response = MHD_create_response_from_callback(
      UInt64(length), Self.pieceBytes,
      { owner, position, buffer, room in
        guard let owner, let buffer, let position = Int(exactly: position) else { return PartsReader.failed }
        return Unmanaged<PartsReader>.fromOpaque(owner).takeUnretainedValue().read(
          at: position, into: UnsafeMutableRawBufferPointer(start: buffer, count: room))
      },
      owner, { if let owner = $0 { Unmanaged<PartsReader>.fromOpaque(owner).release() } })
    if response == nil { Unmanaged<PartsReader>.fromOpaque(owner).release() }
    return response
  }

  /// What libmicrohttpd calls `MHD_CONTENT_READER_END_WITH_ERROR`: the connection is cut.
  static let failed = -2

  /// Fills some of `buffer` from this offset of the answer on. Answers how many bytes, or `failed` where
  /// the file has lost some.
  func read(at position: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    if position < begin { (index, begin) = (0, 0) }
    while index < parts.count, position >= begin + parts[index].length {
      begin += parts[index].length
      index += 1
    }
    guard index < parts.count, let room = buffer.baseAddress else { return Self.failed }
    let inside = position - begin
    let count = min(buffer.count, parts[index].length - inside)
    switch parts[index] {
    case .text(let text):
      var text = text
      text.withUTF8 { room.copyMemory(from: $0.baseAddress! + inside, byteCount: count) }
      return count
    case .range(let range):
      var got = pread(file.number, room, count, off_t(range.lowerBound + inside))
      while got < 0, errno == EINTR { got = pread(file.number, room, count, off_t(range.lowerBound + inside)) }
      return got > 0 ? got : Self.failed
    }
  }
}
