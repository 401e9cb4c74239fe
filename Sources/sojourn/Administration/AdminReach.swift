import Administration
import AttachmentsS3
import CommandLineTable
import StorageSQLite

/// How an administrative command reaches the data: over the socket when a server has the directory, else by taking
/// the directory itself; in a database that nodes share by itself always, as one more node for a moment. This is the
/// one place that chooses; the same code does what is asked every way.
struct AdminReach {
  let place: DataPlace
  /// Where attachments lie, for commands that look at their bytes.
  let store: S3Settings?
  /// Where the certificate lies, for commands that look at it.
  var certificate: LocalIdentity.Files?

  init(_ place: DataPlace, store: S3Settings? = nil) {
    self.place = place
    self.store = store
  }

  init(_ command: ParsedCommand, store: S3Settings? = nil) { self.init(DataPlace(command), store: store) }

  /// Whether a server answers at the directory's socket.
  var isServed: Bool {
    guard let directory = place.directory else { return false }
    return (try? UnixSocket.connected(to: DataDirectory.socket(in: directory))) != nil
  }

  /// Whether it is known where the bytes of attachments lie.
  var hasBytes: Bool {
    guard case .database(let database) = place else { return true }
    return store != nil || database.attachments != nil
  }

  private enum Way {
    case server(UnixSocket)
    case itself(DirectAdministration)
  }

  func perform(_ command: AdminCommand) async throws(AdminRefusal) -> AdminResult {
    switch place {
    case .directory(let directory):
      switch try await way(for: command, in: directory) {
      case .server(let socket): return try AdminClient.perform(command, over: socket, to: directory)
      case .itself(let administration): return try await administration.perform(command)
      }
    case .database(let database):
      return try await DirectAdministration(database, store: store).perform(command)
    }
  }

  private func way(for command: AdminCommand, in directory: String) async throws(AdminRefusal) -> Way {
    // A mistyped directory is not to become one that was made just now.
    if !command.mayMakeDirectory, let sentence = DataDirectory.absence(at: directory) {
      throw AdminRefusal(
        sentence, hint: "Is --data-dir right? `sojourn deployment create` makes one.", reason: .noDirectory)
    }
    // Between a look at the socket and one at the lock a server may come or go: look again.
    for _ in 0..<100 {
      do {
        if let socket = try UnixSocket.connected(to: DataDirectory.socket(in: directory)) { return .server(socket) }
        return .itself(DirectAdministration(try DataDirectory(directory), store: store, certificate))
      } catch DataDirectory.Refusal.inUse {
        try? await Task.sleep(for: .milliseconds(100))
      } catch DataDirectory.Refusal.unusable(let sentence) {
        throw AdminRefusal(sentence)
      } catch {
        throw AdminRefusal(error)
      }
    }
    throw AdminRefusal(
      "Another process has \(directory) and does not answer at its socket.",
      hint: "Is a server starting, or another command running?")
  }
}

extension AdminCommand {
  fileprivate var mayMakeDirectory: Bool {
    if case .createDeployment = self { true } else { false }
  }
}
