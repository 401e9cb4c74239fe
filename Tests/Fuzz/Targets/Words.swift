/// What people read of a fault.
enum Words {
  /// How values print that nobody wrote for people.
  private static let internals = [
    "Optional(", "Fault(", "Error(", "Swift.", "Wire.", "JSON.", "DataModel.", "some(", "nil)",
  ]
  /// What was given is cut; a few such values stand in a sentence or two.
  private static let mostBytes = 4000

  /// A fault is said in words, briefly, and without the names of our code.
  static func check(_ text: String, about input: FuzzInput) throws(BrokenPromise) {
    try promise(!text.isEmpty, "a fault is said")
    try promise(text.utf8.count <= mostBytes, "a fault is said briefly: \(text.utf8.count) bytes")
    guard let word = internals.first(where: text.contains) else { return }
    try promise(input.text.contains(word), "a fault is said without \(word): \(text)")
  }
}
