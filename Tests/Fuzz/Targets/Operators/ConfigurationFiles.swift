import CommandLineTable

@testable import CommandLineTable

/// A settings file.
enum ConfigurationFiles {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    guard let file = try? ConfigurationFile(path: "f", text: input.text) else { return }
    _ = try? file.check(against: table)
    for entry in file.entries {
      for kind in kinds { if case .failure(let fault) = kind.value(of: entry.value) { _ = fault.message } }
      guard let printed = printed(entry) else { continue }
      let again = try? ConfigurationFile(path: "f", text: printed).entries
      try promise(again?.map(\.value), is: [entry.value], "a value is read as it is printed: \(printed)")
      try promise(again?.map(\.key), is: [entry.key], "a key is read as it is printed: \(printed)")
    }
  }

  /// Without quotes where they change nothing; nil where neither way is sure.
  private static func printed(_ entry: ConfigurationFile.Entry) -> String? {
    let value = entry.value
    let isPlain = !value.contains("#") && !value.contains { $0.isWhitespace } && value.first != "\"" && !value.isEmpty
    if isPlain { return "\(entry.key) =\t\(value)" }
    let scalars = value.unicodeScalars
    return scalars.contains { !$0.isASCII || $0 == "\"" || $0 == "\r" } ? nil : "\(entry.key) = \"\(value)\" # \"x"
  }

  private static let kinds: [OptionKind] = [
    .flag, .text, .path, .integer(-5...1000), .duration(1...Int.max), .age(1...100_000), .size(1...Int.max),
    .webAddress, .listen, .choice(["a", "b"]), .several(.listen),
  ]

  private static let table = CommandTable(
    name: "sojourn", summary: "", version: "1",
    commands: [
      Command(
        "serve", summary: "",
        options: kinds.enumerated().map { index, kind in
          CommandOption("option-\(index)", kind, key: "option-\(index)", help: "")
        })
    ])
}
