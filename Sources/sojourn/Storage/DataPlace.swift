import AttachmentsS3
import CommandLineTable
import StoragePostgres

/// Where the data lies that a server or a command works on: in a directory that one process has at a time, or in a
/// database that any number of nodes share.
enum DataPlace: Sendable {
  case directory(String)
  case database(SharedDatabase)

  init(_ command: ParsedCommand) {
    // Not every command that works on data has all of these options.
    func given(_ name: String) -> String? { command.source(of: name) == nil ? nil : command.text(name) }
    guard let url = given("storage") else {
      self = .directory(given("data-dir") ?? "")
      return
    }
    self = .database(SharedDatabase(url: url, keyFile: given("key-file"), attachments: given("attachments")))
  }

  /// Nil for a database.
  var directory: String? { if case .directory(let path) = self { path } else { nil } }

  /// As people know it.
  var words: String {
    switch self {
    case .directory(let path): path
    case .database(let database): database.words
    }
  }

  // MARK: Settings.

  static let storage = CommandOption(
    "storage", .text, placeholder: "URL", environment: "SOJOURN_STORAGE", key: "storage",
    help: "The database that nodes share, in place of a directory: \(StorageCommands.addressHelp)")
  static let attachments = CommandOption(
    "attachments", .path, placeholder: "DIR", environment: "SOJOURN_ATTACHMENTS", key: "attachments",
    help: "With --storage: the folder, shared by all nodes, in which attachments lie where they are in no object store."
  )

  /// Of commands that work on data.
  static let options = [Commands.dataDirectory, storage, StorageCommands.keyFile]
  /// Of those that may read or remove the bytes of attachments.
  static let optionsWithBytes = options + [attachments]
}

/// A database that nodes share, with what each of them is given beside it.
struct SharedDatabase: Sendable {
  let url: String
  let keyFile: String?
  /// A folder that all nodes share.
  let attachments: String?

  func address() throws(PostgresFault) -> PostgresAddress { try PostgresAddress(url) }

  /// Without its password.
  var words: String { (try? address().description) ?? "the database" }
}
