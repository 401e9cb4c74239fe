import CommandLineTable
import Glibc

/// The command. What it can be asked stands in `Commands.table`; each command is one file.
@main
struct Sojourn {
  static func main() async {
    exit(await run(Array(CommandLine.arguments.dropFirst())))
  }

  /// The exit code: 0 done, 1 not done, 2 asked wrongly.
  private static func run(_ arguments: [String]) async -> Int32 {
    do throws(UsageError) {
      switch try Commands.table.parse(processArguments: arguments) {
      case .version:
        print("sojourn \(Commands.version)")
        return 0
      case .help(let path):
        print(Commands.table.help(for: path, style: Terminal.style(of: 1)))
        return 0
      case .run(let command): return try await Commands.run(command)
      }
    } catch {
      Terminal.say("\(error)\n", to: 2)
      return UsageError.exitCode
    }
  }
}
