import Wire

/// What a command sees of a data directory from outside: rights, the folder of temporary files, settings.
package struct LocalFacts: Sendable, Equatable {
  package var directory = ""
  /// Who owns the directory.
  package var owner: UInt32 = 0
  /// Paths that others than the owner may read.
  package var open: [String] = []
  /// Paths that belong to somebody else than the directory.
  package var foreign: [String] = []
  /// Why no temporary file can be made; nil where one can.
  package var temporaryProblem: String?
  /// Variables of the environment that begin as settings do and are none.
  package var unknownVariables: [String] = []
  /// What is wrong with the settings that the server would read.
  package var settingsProblem: String?
  /// How many files an earlier version wrote.
  package var olderFiles = 0

  package init() {}

  /// What of it is wrong.
  package var problems: [Problem] {
    let directory = ShellWord.shortest(self.directory)
    var problems: [Problem] = []
    if olderFiles > 0 {
      let isOne = olderFiles == 1
      problems.append(
        Problem(
          .olderLayout,
          "\(Grouped.text(olderFiles, "file")) \(isOne ? "was" : "were") written by an earlier version. This one brings "
            + "\(isOne ? "it" : "them") up to date when it first opens \(isOne ? "it" : "them"), and the earlier one cannot "
            + "open \(isOne ? "it" : "them") any more then.",
          advice: "Make a backup first: it is the way back (docs/upgrade.md).",
          command: "sojourn backup --data-dir \(directory) --to /backups/before-upgrade"))
    }
    if let first = open.first {
      problems.append(
        Problem(
          .permissions,
          "\(first)\(Self.further(open)) can be read by other users of this machine: passwords' hashes, keys and data "
            + "lie there.",
          advice: "The directory has mode 0700, and so nobody reaches what is in it.",
          command: "chmod -R go-rwx \(directory)"))
    }
    if let first = foreign.first {
      problems.append(
        Problem(
          .permissions,
          "\(first)\(Self.further(foreign)) belongs to another user than the directory, and the server may not be able to "
            + "write it.",
          advice: "All of it belongs to the user that the server runs as.",
          command: "chown -R --reference=\(directory) \(directory)"))
    }
    if let temporaryProblem {
      problems.append(
        Problem(
          .temporaryFolder, "No temporary file can be made in \(self.directory)/tmp: \(temporaryProblem).",
          advice: "Large answers and uploads need it. The server makes the folder when it starts.",
          command: "ls -ld \(directory)/tmp"))
    }
    if let settingsProblem {
      problems.append(
        Problem(
          .settings, "The settings cannot be used: \(settingsProblem)",
          advice: "The server does not start with them. docs/configuration.md has all of them.",
          command: "sojourn settings"))
    }
    return problems
      + unknownVariables.map {
        Problem(
          .settings, "There is no setting \(CutText.cut($0)), so this variable of the environment does nothing.",
          advice: "Is it a slip? docs/configuration.md has all of them.", command: "sojourn settings")
      }
  }

  private static func further(_ paths: [String]) -> String {
    paths.count > 1 ? " (and \(paths.count - 1) more)" : ""
  }
}
