import CommandLineTable

/// What SIGHUP does: the settings are read again, and those that can change while the server runs take effect
/// (docs/operations.md names them).
struct Reload {
  /// The settings that take effect at once: where certificate and key lie.
  static let settings: Set<String> = ["tls-cert", "tls-key"]

  let directory: String
  /// Nil where nothing is served over https.
  let identity: ServedIdentity?
  let log: ServerLog

  /// - Returns: the settings in force from now on.
  func run(_ present: ParsedCommand, arguments: [String]) -> ParsedCommand {
    let read: ParsedCommand
    do throws(UsageError) {
      guard case .run(let command) = try Commands.table.parse(processArguments: arguments) else { return present }
      read = command
      let files = try LocalIdentity.files(read, in: directory)
      let later = read.differences(from: present).filter { !Self.settings.contains($0) }
      if !later.isEmpty {
        log.warning(
          "SIGHUP: \(later.joined(separator: ", ")) changed, which takes effect when the server is started again.")
      }
      if identity?.reload(from: files) != true {
        log.note("SIGHUP: clients are shown the certificate that they were shown before.")
      }
    } catch {
      log.error("SIGHUP: the settings cannot be read, and nothing was changed: \(error.message)")
      return present
    }
    return read
  }
}
