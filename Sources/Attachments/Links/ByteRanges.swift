/// What a `Range` header asks of so many bytes (RFC 9110 section 14).
package enum ByteRanges: Sendable, Equatable {
  /// No range, or one that is to be ignored: everything.
  case all
  /// One or several parts, in the order asked for.
  case parts([Range<Int>])
  /// 416.
  case unsatisfiable

  /// More parts than this are a waste or an attack: then everything is sent.
  package static let mostParts = 100

  package init(_ header: String?, count: Int) {
    guard let header, let specs = Self.specs(header) else {
      self = .all
      return
    }
    var parts: [Range<Int>] = []
    for spec in specs {
      if let range = Self.range(spec, count: count) { parts.append(range) }
    }
    // Parts that together are larger than the whole overlap: the whole answers them better.
    let left = parts.reduce(count) { left, part in left < 0 ? left : left - part.count }
    if specs.count > Self.mostParts || (parts.count > 1 && left < 0) {
      self = .all
    } else {
      self = parts.isEmpty ? .unsatisfiable : .parts(parts)
    }
  }

  private enum Spec {
    case from(Int, to: Int?)
    case last(Int)
  }

  /// Nil where the header is malformed or of another unit, and is then ignored.
  private static func specs(_ header: String) -> [Spec]? {
    guard header.utf8.count <= 16_384, header.lowercased().hasPrefix("bytes=") else { return nil }
    var specs: [Spec] = []
    for part in header.dropFirst(6).split(separator: ",", omittingEmptySubsequences: true) {
      let text = part.filter { $0 != " " && $0 != "\t" }
      if text.isEmpty { continue }
      guard let dash = text.firstIndex(of: "-") else { return nil }
      let first = text[..<dash]
      let last = text[text.index(after: dash)...]
      if first.isEmpty {
        guard let length = number(last) else { return nil }
        specs.append(.last(length))
      } else {
        guard let start = number(first) else { return nil }
        if last.isEmpty {
          specs.append(.from(start, to: nil))
        } else {
          guard let end = number(last), end >= start else { return nil }
          specs.append(.from(start, to: end))
        }
      }
    }
    return specs.isEmpty ? nil : specs
  }

  /// Digits alone; what is beyond 64 bits is beyond any file.
  private static func number(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
    return Int(text) ?? Int.max
  }

  private static func range(_ spec: Spec, count: Int) -> Range<Int>? {
    switch spec {
    case .from(let start, let end):
      guard start < count else { return nil }
      return start..<(min(end ?? count - 1, count - 1) + 1)
    case .last(let length):
      guard length > 0, count > 0 else { return nil }
      return max(count - length, 0)..<count
    }
  }
}
