import Administration
import CommandLineTable
import Glibc
import HTTPServer
import StorageSQLite
import Wire

/// Looks at a data directory from outside, for `sojourn doctor`, and at the settings that a server would read here.
struct LocalLook {
  private let command: ParsedCommand
  private let directory: String
  /// Files that are looked at.
  private static let mostFiles = 10_000

  init(_ command: ParsedCommand, in directory: String) { (self.command, self.directory) = (command, directory) }

  var facts: LocalFacts {
    var facts = LocalFacts()
    facts.directory = BackupFiles.resolved(directory) ?? directory
    guard let whole = Self.status(directory) else { return facts }
    facts.owner = whole.st_uid
    for path in [directory] + paths {
      guard let status = Self.status(path) else { continue }
      if status.st_mode & 0o077 != 0, path == directory || Self.isSecret(path) { facts.open.append(path) }
      if status.st_uid != whole.st_uid { facts.foreign.append(path) }
    }
    let temporary = directory + "/tmp"
    if access(temporary, W_OK | X_OK) != 0 { facts.temporaryProblem = String(cString: strerror(errno)) }
    facts.unknownVariables = Self.unknownVariables
    facts.settingsProblem = settingsProblem
    facts.olderFiles = OlderFiles.count(in: directory)
    return facts
  }

  /// What lies in the directory, and in the folder of deployments.
  private var paths: [String] {
    var paths: [String] = []
    for folder in [directory, directory + "/deployments", directory + "/tls"] {
      for entry in BackupFiles.entries(of: folder) ?? [] where paths.count < Self.mostFiles {
        paths.append("\(folder)/\(entry.name)")
      }
    }
    return paths
  }

  private static func isSecret(_ path: String) -> Bool {
    [".db", "/secret.key", "/tls/key.pem"].contains { path.hasSuffix($0) }
  }

  /// Of the file itself, not of what a link leads to; nil where it is gone.
  private static func status(_ path: String) -> stat? {
    var status = stat()
    return lstat(path, &status) == 0 ? status : nil
  }

  /// What keeps `serve` from starting under the configuration that is named; nil where none is.
  private var settingsProblem: String? {
    guard let file = command.text("config") else { return nil }
    do {
      let words = ["serve", "--data-dir", directory, "--config", file]
      guard case .run(let serve) = try Commands.table.parse(processArguments: words) else { return nil }
      _ = try PeopleWiring.settings(serve, ServeConfiguration.read(serve))
      _ = try LocalIdentity.files(serve, in: directory)
      return nil
    } catch let error as UsageError {
      return [error.message + ".", error.hint].compactMap(\.self).joined(separator: " ")
    } catch {
      return Sentence.of(error)
    }
  }

  private static var unknownVariables: [String] {
    let table = Commands.table
    let known = Set((table.runnable.flatMap(\.command.options) + table.commonOptions).compactMap(\.environment))
    var names: [String] = []
    var entries = environ
    while let entry = entries.pointee {
      let name = String(cString: entry).prefix { $0 != "=" }
      if name.hasPrefix("SOJOURN_"), !known.contains(String(name)) { names.append(String(name)) }
      entries += 1
    }
    return names.sorted()
  }
}
