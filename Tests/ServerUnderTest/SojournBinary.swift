import Glibc

/// The binary as it was built beside the tests; `SOJOURN_BINARY` names another.
package enum SojournBinary {
  package static let path: String = {
    if let given = getenv("SOJOURN_BINARY") { return String(cString: given) }
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let tests = String(decoding: buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let beside = tests.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/sojourn"
    if access(beside, X_OK) == 0 { return beside }
    let root = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()
    return "\(root)/.build/debug/sojourn"
  }()

  /// Whether a sanitizer was built in, whose own memory counts with the process's.
  package static let isSanitized = getenv("SOJOURN_SANITIZER") != nil

  /// What a command did.
  package struct Run: Sendable {
    package let exitCode: Int32
    package let output: String
    package let errors: String
  }

  /// Runs a command to its end; `input` is what it reads.
  package static func run(
    _ arguments: [String], environment: [String] = [], input: String = ""
  ) throws(TestFault) -> Run {
    let folder = try TemporaryDirectory()
    let given = try folder.write(input, to: "input")
    let output = "\(folder.path)/output"
    let errors = "\(folder.path)/errors"
    let process = try ChildProcess(
      path, arguments, environment: environment, input: given, output: output, errors: errors)
    let code = try process.wait()
    return Run(
      exitCode: code, output: TemporaryDirectory.text(of: output), errors: TemporaryDirectory.text(of: errors)
    )
  }
}
