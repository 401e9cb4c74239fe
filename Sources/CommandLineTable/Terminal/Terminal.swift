import Glibc
import Wire

/// The program's surroundings: the thin shell around the pure parts of this target.
package enum Terminal {
  /// How standard output (1) or standard error (2) wants its text.
  package static func style(of descriptor: Int32) -> TerminalStyle {
    var size = winsize()
    let known = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return TerminalStyle(
      isTerminal: isatty(descriptor) == 1, columns: known ? Int(size.ws_col) : nil,
      environment: variable)
  }

  /// An environment variable; invalid UTF-8 is repaired.
  package static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// Writes text that holds what came from elsewhere (a server's words, names): lines stay, and characters that
  /// would do something to a terminal are written out.
  package static func say(_ text: String, to descriptor: Int32) {
    write(PrintableText.escaped(text, keepingLines: true), to: descriptor)
  }

  /// Writes all of the text, or as much as the receiver takes.
  package static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while let base = rest.baseAddress, !rest.isEmpty {
        let written = Glibc.write(descriptor, base, rest.count)
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { return }
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      }
    }
  }

  /// The text of a small file, such as a settings or password file, of at most 1 MiB.
  package static func smallFile(_ path: String) throws(UsageError) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw UsageError("\(path): \(String(cString: strerror(errno)))") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw UsageError("\(path): \(String(cString: strerror(errno)))") }
      if count == 0 { break }
      bytes.append(contentsOf: chunk[..<count])
      if bytes.count > ConfigurationFile.sizeLimit { throw UsageError("\(path) is larger than 1 MiB") }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw UsageError("\(path) is not UTF-8")
    }
    return text
  }
}

extension CommandTable {
  /// Understands a command line in the surroundings of this process.
  package func parse(processArguments arguments: [String]) throws(UsageError) -> CommandLineRequest {
    var environment: [String: String] = [:]
    for option in runnable.flatMap({ $0.command.options }) + commonOptions {
      if let name = option.environment { environment[name] = Terminal.variable(name) }
    }
    return try parse(arguments, environment: environment) { path throws(UsageError) in
      try Terminal.smallFile(path)
    }
  }
}
