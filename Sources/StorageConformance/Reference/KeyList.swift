import Storage

/// The lists of keys that cases store, with what they hold: so that the reference needs no JSON.
enum KeyList {
  static let texts: [(stored: String, keys: [StoredValue])] = [
    ("[]", []), (#"["late"]"#, [.text("late")]), (#"["late","b"]"#, [.text("late"), .text("b")]),
    (#"["b","late"]"#, [.text("b"), .text("late")]), (#"["caf\#u{E9}"]"#, [.text("caf\u{E9}")]),
    (#"["cafe\#u{301}"]"#, [.text("cafe\u{301}")]),
    (#"["a\"b","\\","","1"]"#, ["a\"b", "\\", "", "1"].map { .text($0) }),
    (#"["\#u{1F600}"]"#, [.text("\u{1F600}")]),
  ]
  static let integers: [(stored: String, keys: [StoredValue])] = [
    ("[]", []), ("[1]", [.integer(1)]), ("[1,2]", [.integer(1), .integer(2)]),
    ("[2,-2147483648]", [.integer(2), .integer(-2_147_483_648)]),
    ("[11,12]", [.integer(11), .integer(12)]),
  ]

  private static let all = Dictionary(
    (texts + integers).map { (StoredValue.text($0.stored), $0.keys) }, uniquingKeysWith: { first, _ in first }
  )

  static func keys(in value: StoredValue) -> [StoredValue] { all[value] ?? [] }
}
