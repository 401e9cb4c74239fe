/// How many there are, in words: `1 object`, `2 objects`.
package enum CountText {
  package static func of(_ number: some BinaryInteger, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}
