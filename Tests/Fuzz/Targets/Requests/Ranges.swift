import Attachments

/// The `Range` header.
enum Ranges {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    let text = input.text
    for count in [0, 1, 10, 1000, Int.max] {
      guard case .parts(let parts) = ByteRanges(text, count: count) else { continue }
      try promise(!parts.isEmpty && parts.count <= ByteRanges.mostParts, "there are 1 to 100 parts: \(parts.count)")
      for part in parts {
        try promise(!part.isEmpty && part.lowerBound >= 0 && part.upperBound <= count, "\(part) lies in \(count) bytes")
      }
      let printed = "bytes=" + parts.map { "\($0.lowerBound)-\($0.upperBound - 1)" }.joined(separator: ",")
      try promise(ByteRanges(printed, count: count), is: .parts(parts), "\(printed) is read as it was printed")
    }
  }
}
