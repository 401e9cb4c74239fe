import Wire

/// Which passwords are taken: 12 to 256 characters, any of them, but none that is tried first.
///
/// Refused are the commonest long ones, whatever the case and the usual stand-ins of their letters (`P@ssw0rd`), also
/// with digits around them or repeated; few characters over and over; rows of the keyboard and of the alphabet; and
/// what holds the name of the server, of a deployment or of the person.
package struct PasswordRule: Sendable {
  package static let lengths = 12...256
  /// Shorter names may stand in a password by chance.
  private static let leastName = 4
  private static let leastDifferent = 5

  private let names: [String]

  /// Names that no password may hold; of several words each counts.
  package init(names: [String]) {
    self.names = names.flatMap { name in
      [Self.letters(name)] + name.split { !$0.isLetter && !$0.isNumber }.map { Self.letters(String($0)) }
    }.filter { $0.count >= Self.leastName }
  }

  /// A sentence where the password is refused; nil where it is taken.
  package func problem(with password: String) -> String? {
    let count = password.unicodeScalars.count
    guard count >= Self.lengths.lowerBound else {
      return "A password has at least \(Self.lengths.lowerBound) characters; this one has \(count)."
    }
    guard count <= Self.lengths.upperBound else {
      return "A password has at most \(Self.lengths.upperBound) characters; this one has \(count)."
    }
    if isCommon(password) { return "This password is among those that are tried first. Choose another." }
    let plain = Self.letters(password)
    let skeleton = Self.skeleton(plain)
    if names.contains(where: { plain.contains($0) || skeleton.contains(Self.skeleton($0)) }) {
      return "This password holds the name of the server, of a deployment or your own. Choose another."
    }
    return nil
  }

  private func isCommon(_ password: String) -> Bool {
    if Set(password.unicodeScalars).count < Self.leastDifferent { return true }
    let plain = Self.letters(password)
    if Self.isRepetition(plain) || Self.isRun(plain) { return true }
    // What is left without the digits and marks around it, and without any.
    let core = String(plain.drop { !$0.isLetter }.reversed().drop { !$0.isLetter }.reversed())
    let texts = [plain, core, plain.filter(\.isLetter)]
    return (texts + texts.map(Self.unmasked)).contains {
      CommonPasswords.all.contains($0) || CommonPasswords.isMadeOfWords($0)
    }
  }

  /// Folded, without blanks and marks.
  private static func letters(_ text: String) -> String {
    String(CaseFolding.folded(text).filter { $0.isLetter || $0.isNumber || "@$!".contains($0) })
  }

  /// With the letters that digits and marks usually stand for.
  private static func unmasked(_ text: String) -> String {
    String(
      text.map { character in
        switch character {
        case "@", "4": "a"
        case "3": "e"
        case "1", "!": "i"
        case "0": "o"
        case "$", "5": "s"
        case "7": "t"
        default: character
        }
      })
  }

  /// What looks alike: `l` and `1` both stand for `i`.
  private static func skeleton(_ text: String) -> String { String(unmasked(text).map { $0 == "l" ? "i" : $0 }) }

  /// Up to six characters over and over.
  private static func isRepetition(_ text: String) -> Bool {
    let characters = Array(text)
    return (1...6).contains { period in
      characters.count >= period * 2
        && characters.indices.dropFirst(period).allSatisfy { characters[$0] == characters[$0 - period] }
    }
  }

  /// Rows of keys and the alphabet, forwards or backwards: up to three pieces of three or more.
  private static func isRun(_ text: String) -> Bool {
    var rest = Substring(text)
    for _ in 0..<3 {
      let length = CommonPasswords.rows.map { Self.common($0, rest) }.max() ?? 0
      guard length >= 3 else { return false }
      rest = rest.dropFirst(length)
      if rest.count <= 2 { return true }
    }
    return false
  }

  /// How much of the beginning of `text` stands together in `row`.
  private static func common(_ row: String, _ text: Substring) -> Int {
    guard let first = text.first, let start = row.firstIndex(of: first) else { return 0 }
    return zip(row[start...], text).prefix { $0 == $1 }.count
  }
}
