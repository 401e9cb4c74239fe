import Wire

/// What an option's value is, and how its text is read.
package indirect enum OptionKind: Sendable, Equatable {
  case flag
  case text
  /// Text that does not stand on the command line: every user of the machine could read it in the list of processes.
  case secret
  /// A file or directory.
  case path
  case integer(ClosedRange<Int>)
  /// `90s`, `15m`, `12h`, `30d`, `2w`; a bare number is seconds.
  case duration(ClosedRange<Int>)
  /// The same, but its unit must be named: who writes `30` may mean days.
  case age(ClosedRange<Int>)
  /// Bytes: `4096`, `64 KiB`, `50 MB`, `5GiB`.
  case size(ClosedRange<Int>)
  /// `http://HOST[:PORT][/PATH]`, or https.
  case webAddress
  /// `http://HOST:PORT` or `https://HOST:PORT`.
  case listen
  case choice([String])
  /// May be given several times; in an environment variable several values stand with commas.
  case several(OptionKind)

  var placeholder: String {
    switch self {
    case .flag: ""
    case .text, .secret: "TEXT"
    case .path: "PATH"
    case .integer: "N"
    case .duration, .age: "DURATION"
    case .size: "SIZE"
    case .listen, .webAddress: "URL"
    case .choice(let names): names.joined(separator: "|")
    case .several(let kind): kind.placeholder
    }
  }

  /// Reads a value; on failure says what was expected, without naming the option.
  package func value(of text: String) -> Result<OptionValue, OptionFault> {
    switch self {
    case .flag:
      switch text.lowercased() {
      case "true", "yes", "on", "1": return .success(.flag(true))
      case "false", "no", "off", "0": return .success(.flag(false))
      default: return fault(text, "true or false")
      }
    case .text, .secret, .path:
      if text.isEmpty { return .failure(OptionFault("the value is empty")) }
      if text.utf8.contains(0) { return fault(text, "text without NUL") }
      return .success(.text(text))
    case .integer(let range):
      guard let number = Int(text) else { return fault(text, "an integer") }
      guard range.contains(number) else {
        return fault(text, "\(range.lowerBound) to \(range.upperBound)")
      }
      return .success(.integer(number))
    case .duration(let range):
      guard let seconds = Quantity.seconds(of: text) else {
        return fault(text, "a duration like 30s, 15m, 12h or 30d")
      }
      guard range.contains(seconds) else { return fault(text, Self.durations(range)) }
      return .success(.duration(seconds: seconds))
    case .age(let range):
      guard let seconds = Quantity.seconds(withUnit: text) else {
        return fault(text, "a duration with its unit, like 30s, 15m, 12h or 30d")
      }
      guard range.contains(seconds) else { return fault(text, Self.durations(range)) }
      return .success(.duration(seconds: seconds))
    case .size(let range):
      guard let bytes = Quantity.bytes(of: text) else {
        return fault(text, "a size like 4096, 64 KiB or 50 MB")
      }
      guard range.contains(bytes) else {
        return fault(text, "\(range.lowerBound) to \(range.upperBound) bytes")
      }
      return .success(.size(bytes: bytes))
    case .webAddress:
      guard let problem = WebAddress.problem(with: text) else { return .success(.text(text)) }
      return .failure(
        OptionFault("'\(CutText.cut(text))' \(problem); it looks like https://flights.example.org"))
    case .listen:
      return ListenAddress.read(text).map { .listen($0) }
    case .choice(let names):
      if names.contains(text) { return .success(.text(text)) }
      return fault(text, "one of " + names.joined(separator: ", "))
    case .several(let kind): return kind.value(of: text)
    }
  }

  private static func durations(_ range: ClosedRange<Int>) -> String {
    "a duration from \(range.lowerBound)s" + (range.upperBound == .max ? " on" : " to \(range.upperBound)s")
  }

  private func fault(_ text: String, _ expected: String) -> Result<OptionValue, OptionFault> {
    .failure(OptionFault("'\(CutText.cut(text))' is not \(expected)"))
  }
}

/// Why a value was not taken.
package struct OptionFault: Error, Equatable {
  package let message: String
  package init(_ message: String) { self.message = message }
}

/// A value that was read.
package enum OptionValue: Sendable, Equatable {
  case flag(Bool)
  case text(String)
  case integer(Int)
  case duration(seconds: Int)
  case size(bytes: Int)
  case listen(ListenAddress)
}

/// The rule for the address of a server as clients reach it, with a path at most: `https://flights.example.org/api`.
enum WebAddress {
  /// What is wrong with it, in words that follow it; nil where it will do.
  static func problem(with text: String) -> String? {
    let lower = text.lowercased()
    guard lower.hasPrefix("https://") || lower.hasPrefix("http://") else {
      return "does not begin with https:// or http://"
    }
    // No quotes and brackets either: it is printed into pages and documents.
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !Array("\\\"<>^`{|}".utf8).contains($0) }) else {
      return "has characters that a URL cannot have"
    }
    guard !text.contains("?"), !text.contains("#") else { return "has a query or a fragment" }
    let authority = text.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" }
    guard !authority.contains("@") else { return "has a user name or password in it" }
    var host = authority
    var port: Substring?
    if host.hasPrefix("[") {
      guard let end = host.firstIndex(of: "]"), NetworkAddress(String(host[..<end].dropFirst())) != nil else {
        return "has no IPv6 address in its brackets"
      }
      let behind = host[host.index(after: end)...]
      guard behind.isEmpty || behind.hasPrefix(":") else { return "has something behind its bracket" }
      if !behind.isEmpty { port = behind.dropFirst() }
      host = host[...end]
    } else if let colon = host.firstIndex(of: ":") {
      port = host[host.index(after: colon)...]
      host = host[..<colon]
    }
    if host.isEmpty { return "has no host" }
    if let port, PortText.read(port).map({ $0 == 0 }) ?? true { return "has no port from 1 to 65535" }
    return nil
  }
}
