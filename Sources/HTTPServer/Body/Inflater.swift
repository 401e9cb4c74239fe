import CZlib

/// Decompresses a body as its parts come in, into a buffer that holds the limits: a few kilobytes that
/// swell to gigabytes stop at the limit of one body.
///
/// `deflate` means the zlib format, but some clients send the bare one: the first two bytes tell.
struct Inflater: ~Copyable {
  enum Coding { case gzip, deflate }

  private enum State { case fresh, running, ended }

  private let coding: Coding
  private var state = State.fresh
  /// The first byte of a deflate body, when it came alone.
  private var held: UInt8?
  /// On the heap because zlib keeps a pointer to it.
  private let stream: UnsafeMutablePointer<z_stream>

  init(_ coding: Coding) {
    self.coding = coding
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
  }

  deinit {
    if state != .fresh { inflateEnd(stream) }
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  /// Whether the compressed data is complete. A body of no bytes at all counts as an empty one.
  var isComplete: Bool { state == .ended || (state == .fresh && held == nil) }

  mutating func feed(_ bytes: UnsafeRawBufferPointer, into buffer: inout BodyBuffer) throws(TransportFailure) {
    guard let first = bytes.first else { return }
    guard state == .fresh else { return try run(bytes, into: &buffer) }
    if coding == .gzip {
      try begin(windowBits: 15 + 16)
    } else if let one = held {
      held = nil
      try begin(windowBits: Inflater.isZlib(one, first) ? 15 : -15)
      try withUnsafeBytes(of: one) { (bytes) throws(TransportFailure) in try run(bytes, into: &buffer) }
    } else if bytes.count == 1 {
      held = first
      return
    } else {
      try begin(windowBits: Inflater.isZlib(first, bytes[1]) ? 15 : -15)
    }
    try run(bytes, into: &buffer)
  }

  private mutating func begin(windowBits: Int32) throws(TransportFailure) {
    guard sojourn_inflate_init(stream, windowBits) == Z_OK else { throw .busy }
    state = .running
  }

  private mutating func run(
    _ bytes: UnsafeRawBufferPointer, into buffer: inout BodyBuffer
  ) throws(TransportFailure) {
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.pointee.avail_in = UInt32(clamping: bytes.count)
    repeat {
      if state == .ended {
        if stream.pointee.avail_in == 0 { return }
        // Gzip members may stand one behind the other (RFC 1952 2.2); anything else behind is broken.
        guard coding == .gzip, inflateReset(stream) == Z_OK else { throw .brokenEncoding }
        state = .running
      }
      switch try step(&buffer) {
      case Z_OK: break
      case Z_STREAM_END: state = .ended
      case Z_BUF_ERROR: return  // needs more input
      case Z_MEM_ERROR: throw .busy
      default: throw .brokenEncoding
      }
    } while stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0
  }

  /// One call of zlib. At the limit it writes aside: a single byte more is too much, while the end of the
  /// stream may still have to be read.
  private func step(_ buffer: inout BodyBuffer) throws(TransportFailure) -> Int32 {
    let stream = stream
    func inflate(into room: UnsafeMutableRawBufferPointer) -> (written: Int, Int32) {
      stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.pointee.avail_out = UInt32(clamping: room.count)
      let offered = stream.pointee.avail_out
      let status = CZlib.inflate(stream, Z_NO_FLUSH)
      return (Int(offered - stream.pointee.avail_out), status)
    }
    guard buffer.isFull else { return try buffer.extend(inflate) }
    var aside: UInt64 = 0
    let (written, status) = withUnsafeMutableBytes(of: &aside) { inflate(into: $0) }
    if written > 0 { throw .bodyTooLarge(limit: buffer.limit) }
    return status
  }

  /// The two header bytes of RFC 1950: method 8 and a check sum.
  private static func isZlib(_ first: UInt8, _ second: UInt8) -> Bool {
    first & 0x0f == 8 && (UInt16(first) << 8 | UInt16(second)) % 31 == 0
  }
}
