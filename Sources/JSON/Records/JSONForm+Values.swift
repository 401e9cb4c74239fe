import Wire

// Texts, numbers and words.

extension JSONForm where Value == String {
  /// A text of at most as many bytes as one argument of a command line.
  package static var text: JSONForm { text(most: 131_072) }

  /// A text of at most `most` bytes.
  package static func text(most: Int) -> JSONForm {
    JSONForm(expected: "a text of at most \(most) bytes", write: { .text($0) }) { value in
      guard let text = value.string, text.utf8.count <= most, !value.holdsLoneSurrogate else { return nil }
      return text
    }
  }
}

extension JSONForm where Value == Bool {
  package static var flag: JSONForm {
    JSONForm(expected: "true or false", write: { .bool($0) }, scan: { $0.bool })
  }
}

extension JSONForm where Value: FixedWidthInteger {
  package static func integer(_ range: ClosedRange<Value>) -> JSONForm {
    JSONForm(
      expected: "a whole number from \(range.lowerBound) to \(range.upperBound)",
      write: { .integer(Int64(clamping: $0)) }
    ) { value in
      guard let number = value.number?.integer, let integer = Value(exactly: number), range.contains(integer) else {
        return nil
      }
      return integer
    }
  }

  /// From 0 on.
  package static var count: JSONForm { integer(0...Value.max) }
}

extension JSONForm where Value == Int64 {
  /// A whole number from 0 on as a text: sequences may be larger than what readers keep exactly.
  package static var decimal: JSONForm {
    JSONForm(expected: "a whole number as a text", write: { .text(String($0)) }) { value in
      guard let text = value.string, let integer = Int64(text), integer >= 0, String(integer) == text else {
        return nil
      }
      return integer
    }
  }
}

extension JSONForm where Value == Double {
  package static var number: JSONForm {
    JSONForm(expected: "a number", write: { .number($0) }, scan: { $0.number?.double })
  }
}

extension JSONForm where Value == Instant {
  /// `2013-01-31T09:05:00Z`
  package static var time: JSONForm {
    JSONForm(expected: "a date and time", write: { .text($0.description) }, scan: { $0.string.flatMap { Instant($0) } })
  }
}

extension JSONForm where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  /// One of the words of an enum.
  package static var word: JSONForm {
    JSONForm(
      expected: "one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))", write: { .text($0.rawValue) }
    ) { $0.string.flatMap { Value(rawValue: $0) } }
  }
}

extension JSONForm where Value: JSONRecord {
  package static var record: JSONForm {
    JSONForm(write: { $0.json }, read: { value throws(JSONMismatch) in try Value(value) })
  }
}
