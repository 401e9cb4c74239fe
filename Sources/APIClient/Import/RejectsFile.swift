import Glibc

/// The file of refused rows: the columns of the imported file and a last one with the reasons, `error`. It is
/// made when the first row is refused.
final class RejectsFile {
  private let path: String
  private let header: [UInt8]
  private let columns: Int
  private let reasonHeading: String
  private var descriptor: Int32 = -1
  private var pending: [UInt8] = []

  /// `header` is the first line of the imported file, with that many columns, without that of reasons.
  init(path: String, header: [UInt8], columns: Int, reasonHeading: String) {
    self.path = path
    self.header = header
    self.columns = columns
    self.reasonHeading = reasonHeading
  }

  /// What the column of reasons is called: `error`, `import_error`, `import_error_2` and so on, the first that
  /// is no column of the model.
  static func reasonHeading(beside model: ModelDescription) -> String {
    var heading = "error"
    var number = 1
    while model.column(heading) != nil {
      heading = number == 1 ? "import_error" : "import_error_\(number)"
      number += 1
    }
    return heading
  }

  /// Whether an import may have called its column of reasons so, under whichever model.
  static func isReasonHeading(_ heading: String) -> Bool {
    if heading == "error" || heading == "import_error" { return true }
    guard heading.hasPrefix("import_error_") else { return false }
    return heading.dropFirst("import_error_".count).allSatisfy { ("0"..."9").contains($0) }
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
    pending += "\(columns == 0 ? "" : ",")\(reasonHeading)\n".utf8
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
