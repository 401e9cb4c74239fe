import Glibc
import ServerUnderTest

/// The real binary, or a shell around it, with both outputs in one file.
extension ChildProcess {
  static var binary: String { SojournBinary.path }

  convenience init(_ words: [String], output: String) throws(TestFault) {
    try self.init(words[0], Array(words.dropFirst()), output: output, errors: output)
  }

  func send(_ number: Int32) { signal(number) }

  /// Waits for the end: the exit code, or 128 and the signal that ended it; nil where it lasted longer than
  /// `seconds` and was killed. Once only.
  func end(withinSeconds seconds: Int = 600) -> Int32? { try? wait(seconds: seconds) }

  /// Its resident memory in KiB.
  var residentKiB: Int { memoryKiB("VmRSS") ?? 0 }

  /// Runs a command to its end.
  static func run(_ words: [String]) throws(TestFault) -> (code: Int32?, output: String) {
    let folder = try TemporaryDirectory()
    let process = try ChildProcess(words, output: folder.path + "/output")
    let code = process.end(withinSeconds: 30)
    return (code, process.output)
  }

  static func sojourn(_ words: String...) throws(TestFault) -> (code: Int32?, output: String) {
    try run([binary] + words)
  }
}
