/// Texts as words of a command that somebody pastes into a shell, whatever they hold.
package enum ShellWord {
  /// In quotes: an apostrophe ends them, stands for itself, and opens them again. For bash, zsh and sh.
  package static func quoted(_ text: String) -> String { "'" + text.replacing(scalars: "'", with: #"'\''"#) + "'" }

  /// As it is where a shell takes it so, else in quotes.
  package static func shortest(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "_"):
        true
      default: false
      }
    }
    return isPlain && !text.isEmpty ? text : quoted(text)
  }
}
