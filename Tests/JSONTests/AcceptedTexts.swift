import JSON
import Testing

@Suite("JSON texts that are read")
struct AcceptedTexts {
  @Test(
    "is valid, and its root says its source again",
    arguments: [
      "null", "true", "false", "0", "-0", "1", "-1.5", "\"\"", "[]", "{}", " [ ] ", "\t\r\n{ }\n",
      "[[]]", "[[],[]]", "[{}]", #"{"":0}"#, #"{"a":{"a":{"a":[]}}}"#, "[1,2,3]", "[1 , 2\n,3 ]",
      #"{"a":1,"b":2}"#, #"{"a" : 1 , "b":[true,false,null]}"#, #"["a","b"]"#, "[0e1]", "[0e+1]", "[1E22]",
      "[1E-2]", "[1E+2]", "[123e45]", "[0.4e006]", "[-0.0]", "[1e400]", "[-1e99999999999999999999]",
      "[123123123123123123123123123123.0000000000000000000000001]",
      #"["\u0000"]"#, #"["\ud83d\ude00"]"#, #"["\uD83D\uDE00"]"#, #"["\"\\\/\b\f\n\r\t"]"#, #"["\u00E9é"]"#,
      "[\"\u{7f}\"]", "[\"\u{2028}\u{2029}\u{feff}\u{fffe}\u{10ffff}\"]", "\"😀\"", #"{"é":1,"e":2}"#,
      #"{"\u0061":1,"b":2}"#, #"[["a"],{"b":"c"},"]","}"]"#, #"["\\"]"#, #"["\\\""]"#, #"["{\"a\":1}"]"#,
      #"["\ud83d"]"#, #"{"\ud83d":1,"\ud83e":2,"\ufffd":3}"#,
    ])
  func valid(text: String) throws {
    let document = try JSONDocument.read(text)
    #expect(document.root.rawText == text.trimmingJSONBlanks)
  }

  @Test("numbers of any length are legal")
  func longNumbers() throws {
    for text in [String(repeating: "9", count: 400), "0." + String(repeating: "1", count: 100_000)] {
      #expect(try JSONDocument.read(text).root.number?.text == text)
    }
  }

  @Test("as deep as the limit, and no deeper")
  func depth() throws {
    for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
      let nested = { (depth: Int) in
        String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
      }
      #expect(throws: Never.self) { try JSONDocument.read(nested(64)) }
      #expect(throws: JSONError(offset: 64 * open.utf8.count, reason: .tooDeep(limit: 64))) {
        try JSONDocument.read(nested(65))
      }
      #expect(throws: JSONError(offset: 64 * open.utf8.count, reason: .tooDeep(limit: 64))) {
        try JSONDocument.read(nested(100_000))
      }
      #expect(throws: Never.self) {
        try JSONDocument.read(nested(1000), limits: JSONLimits(depth: 1000))
      }
    }
  }

  @Test("no more values and keys than the limit")
  func values() throws {
    let limits = JSONLimits(nodes: 5)
    #expect(throws: Never.self) { try JSONDocument.read("[1,2,3,4]", limits: limits) }
    #expect(throws: JSONError(offset: 9, reason: .tooManyValues(limit: 5))) {
      try JSONDocument.read("[1,2,3,4,5]", limits: limits)
    }
    #expect(throws: JSONError(offset: 7, reason: .tooManyValues(limit: 3))) {
      try JSONDocument.read(#"[ {"a":{"b":1}}]"#, limits: JSONLimits(nodes: 3))
    }
  }

  @Test("one document is read after another by the same thread, short and long")
  func reuse() throws {
    for count in [1, 10, 1000, 100_000, 5, 30_000, 0, 70_000] {
      let document = try JSONDocument.read("[" + String(repeating: "\"é\\n\",", count: count) + "0]")
      #expect(document.root.count == count + 1)
      #expect(document.root.elements.prefix(count).allSatisfy { $0.string == "é\n" })
    }
  }

  @Test("many threads read at once")
  func threads() async throws {
    try await withThrowingTaskGroup(of: Int.self) { group in
      for task in 0..<8 {
        group.addTask {
          var total = 0
          for round in 0..<50 {
            let text = "[" + (0...(task * 100 + round)).map { #"{"k":\#($0)}"# }.joined(separator: ",") + "]"
            total += try JSONDocument.read(text).root.count
          }
          return total
        }
      }
      var total = 0
      for try await part in group { total += part }
      // Σ task · 100 + round + 1
      #expect(total == 150_200)
    }
  }
}

extension String {
  /// Without the blanks of JSON at either end.
  var trimmingJSONBlanks: String {
    let blanks = Array(" \t\n\r".utf8)
    let rest = utf8.drop { blanks.contains($0) }.reversed().drop { blanks.contains($0) }.reversed()
    return String(decoding: Array(rest), as: UTF8.self)
  }
}
