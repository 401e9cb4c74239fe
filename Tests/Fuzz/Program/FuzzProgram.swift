import Glibc

/// `sojourn-fuzz --target=NAME …`: libFuzzer's own options follow. `sojourn-fuzz --targets` names the targets, each with
/// the longest input that is tried. `sojourn-fuzz --answers=KIND` answers texts for another implementation.
@main struct FuzzProgram {
  static func main() {
    if CommandLine.arguments.contains("--targets") {
      for target in FuzzTarget.allCases { print(target.rawValue, target.mostBytes) }
      return
    }
    if let kind = value(of: "--answers=").flatMap(Answers.init(rawValue:)) { return kind.run() }
    // libFuzzer passes over what begins with two dashes, and hands it on to the processes that it starts.
    let name = value(of: "--target=") ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
      print("sojourn-fuzz: there is no target “\(name)”; --targets names them.")
      exit(2)
    }
    chosen = target
    var count = CommandLine.argc
    var arguments = CommandLine.unsafeArgv
    exit(runFuzzer(&count, &arguments, tryInput))
  }

  private static func value(of option: String) -> String? {
    CommandLine.arguments.first { $0.hasPrefix(option) }.map { String($0.dropFirst(option.count)) }
  }

  /// libFuzzer calls with nothing but the bytes. Set once, before its first call, on the thread that it calls on.
  nonisolated(unsafe) private static var chosen = FuzzTarget.addresses

  private static let tryInput: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt = { start, count in
    do throws(BrokenPromise) {
      try FuzzProgram.chosen.check(Array(UnsafeBufferPointer(start: start, count: count)))
    } catch {
      print("BROKEN PROMISE: \(error)")
      fflush(nil)
      abort()
    }
    return 0
  }
}

/// libFuzzer's driver: the library is linked without a `main` of its own.
@_extern(c, "LLVMFuzzerRunDriver")
private func runFuzzer(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ tryInput: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
