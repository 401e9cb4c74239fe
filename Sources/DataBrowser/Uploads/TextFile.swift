import Wire

/// A text that comes as a file with a form, piece by piece: UTF-8, with or without a byte order mark.
struct TextFile {
  enum Fault: Error, Equatable {
    case tooLong(limit: Int)
    /// Its byte order mark says so.
    case utf16
    case notUTF8(line: Int)

    /// After "the file".
    var sentence: String {
      switch self {
      case .tooLong(let limit): "has more than \(Grouped.text(limit, "byte"))"
      case .utf16: "is UTF-16. Save it as UTF-8"
      case .notUTF8(let line): "is no UTF-8 in line \(line). Save it as UTF-8"
      }
    }
  }

  let limit: Int
  private var bytes: [UInt8] = []
  private var isTooLong = false

  init(limit: Int) { self.limit = limit }

  /// What comes beyond the limit is not kept.
  mutating func append(_ more: [UInt8]) {
    // A byte order mark is none of the text.
    if bytes.count + more.count > limit + Self.mark.count { isTooLong = true }
    if !isTooLong { bytes += more }
  }

  /// The text without its mark.
  func text() throws(Fault) -> String {
    let text = bytes.starts(with: Self.mark) ? bytes.dropFirst(Self.mark.count) : bytes[...]
    if isTooLong || text.count > limit { throw .tooLong(limit: limit) }
    if let decoded = String(validating: text, as: UTF8.self) { return decoded }
    if text.starts(with: [0xFF, 0xFE]) || text.starts(with: [0xFE, 0xFF]) { throw .utf16 }
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    throw .notUTF8(line: (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0) + 1)
  }

  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
}
