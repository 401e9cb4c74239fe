import Glibc
import Wire

/// The file of refused rows: the columns of the imported file and a last one, `error`. It is made when the
/// first row is refused.
final class RejectsFile {
  static let reasonHeading = "error"

  private let path: String
  private let header: [UInt8]
  private let columns: Int
  private var descriptor: Int32 = -1
  private var pending: [UInt8] = []

  /// `header` is the first line of the imported file, with that many columns, without `error`.
  init(path: String, header: [UInt8], columns: Int) {
    self.path = path
    self.header = header
    self.columns = columns
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Adds a row as it stood in the file. `cells` is how many it has.
  func append(_ row: [UInt8], cells: Int, reason: String) throws(ImportError) {
    if descriptor < 0 { try create() }
    pending += RejectsFile.line(row, cells: cells, columns: columns, reason: reason)
    if pending.count > 64 << 10 { try flush() }
  }

  /// Hands everything over to the system.
  func flush() throws(ImportError) {
    var written = 0
    while written < pending.count {
      let count = pending.withUnsafeBytes { write(descriptor, $0.baseAddress! + written, $0.count - written) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .rejects("\(path): \(String(cString: strerror(errno)))") }
      written += count
    }
    pending.removeAll(keepingCapacity: true)
  }

  private func create() throws(ImportError) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .rejects("\(path): \(String(cString: strerror(errno)))") }
    pending += header
    pending += ",\(Self.reasonHeading)\n".utf8
  }

  /// The row, empty cells for those it lacks, and the reason in quotes.
  static func line(_ row: [UInt8], cells: Int, columns: Int, reason: String) -> [UInt8] {
    var line = row
    for _ in 0..<max(columns - cells, 0) { line.append(UInt8(ascii: ",")) }
    line += ",\"".utf8
    for byte in reason.utf8 {
      if byte == UInt8(ascii: "\"") { line.append(byte) }
      line.append(byte)
    }
    line += "\"\n".utf8
    return line
  }
}
