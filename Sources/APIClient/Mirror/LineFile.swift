import Glibc
import Wire

/// A file that is written aside and takes its place at once, whole: until `replace` the old one stands.
final class ReplacementFile {
  private let path: String
  private let descriptor: OwnedDescriptor
  private var writer = ByteWriter(capacity: 1 << 17)

  private static let flushed = 1 << 16

  init(replacing path: String) throws(MirrorError) {
    self.path = path
    let number = open(path + ".new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard number >= 0 else { throw Self.failure(path + ".new") }
    descriptor = OwnedDescriptor(number)
    // One that was left over may have been made for more readers.
    _ = fchmod(number, 0o600)
  }

  func append(_ bytes: UnsafeRawBufferPointer) throws(MirrorError) {
    writer.append(bytes)
    if writer.count > Self.flushed { try flush() }
  }

  func append(_ bytes: [UInt8]) throws(MirrorError) {
    writer.append(bytes)
    if writer.count > Self.flushed { try flush() }
  }

  private func flush() throws(MirrorError) {
    let isWritten = writer.withBytes { bytes -> Bool in
      var rest = bytes
      while let base = rest.baseAddress, !rest.isEmpty {
        let count = write(descriptor.number, base, rest.count)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return false }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
      return true
    }
    guard isWritten else { throw Self.failure(path + ".new") }
    writer.removeAll()
  }

  /// Puts all of it on disk, still aside.
  func sync() throws(MirrorError) {
    try flush()
    guard fsync(descriptor.number) == 0 else { throw Self.failure(path + ".new") }
  }

  /// Takes the place of the old one. After `sync`.
  func replace() throws(MirrorError) {
    guard rename(path + ".new", path) == 0 else { throw Self.failure(path) }
  }

  static func failure(_ path: String) -> MirrorError { .file(path, String(cString: strerror(errno))) }
}

/// Reads a file line by line.
struct LineFile: ~Copyable {
  private let path: String
  private let descriptor: OwnedDescriptor
  private var buffer: [UInt8] = []
  /// Where the next line begins in the buffer, and where the look for its end goes on.
  private var start = 0
  private var scanned = 0
  private var isAtEnd = false

  private static let chunk = 1 << 18

  init(_ path: String) throws(MirrorError) {
    self.path = path
    let number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw ReplacementFile.failure(path) }
    descriptor = OwnedDescriptor(number)
  }

  /// Hands the next line out, with its end; false at the end of the file.
  mutating func next(_ body: (UnsafeRawBufferPointer) throws(MirrorError) -> Void) throws(MirrorError) -> Bool {
    while true {
      if let end = buffer[scanned...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = start..<end + 1
        start = end + 1
        scanned = start
        let result = buffer.withUnsafeBytes { bytes -> Result<Void, MirrorError> in
          Result { () throws(MirrorError) in try body(UnsafeRawBufferPointer(rebasing: bytes[line])) }
        }
        try result.get()
        return true
      }
      scanned = buffer.count
      guard !isAtEnd else {
        // Every line that was written here has an end.
        guard start == buffer.count else { throw .file(path, "its last line has no end") }
        return false
      }
      try fill()
    }
  }

  private mutating func fill() throws(MirrorError) {
    buffer.removeFirst(start)
    scanned -= start
    start = 0
    let count = buffer.count
    buffer.append(contentsOf: repeatElement(0, count: Self.chunk))
    var found = -1
    repeat {
      found = buffer.withUnsafeMutableBytes { read(descriptor.number, $0.baseAddress! + count, Self.chunk) }
    } while found < 0 && errno == EINTR
    guard found >= 0 else { throw ReplacementFile.failure(path) }
    buffer.removeLast(Self.chunk - found)
    isAtEnd = found == 0
  }
}
