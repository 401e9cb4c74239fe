import Glibc
import Wire

/// The directory of a mirror: `MODEL.ndjson` for each model, `state.json`, and `lock`.
///
/// Every file takes its place at once and whole, and the state last of all. Whenever the process ends,
/// the files hold at least what the state says; what they hold beyond it is applied once more, to the
/// same end.
final class MirrorDirectory: Sendable {
  let path: String
  private let lock: OwnedDescriptor

  /// Takes the directory for this process, making it where it is missing.
  init(_ path: String) throws(MirrorError) {
    self.path = path
    if let server = Self.dataDirectory(around: path) {
      throw .file(
        path,
        server == path
          ? "it is the data directory of a server; choose another directory"
          : "it lies in \(server), the data directory of a server; choose another directory")
    }
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw ReplacementFile.failure(path) }
    let number = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard number >= 0 else { throw ReplacementFile.failure(path + "/lock") }
    lock = OwnedDescriptor(number)
    guard flock(number, LOCK_EX | LOCK_NB) == 0 else {
      throw .file(path, "another process mirrors into this directory")
    }
  }

  /// The data directory that a path is or lies in, links followed; nil where there is none.
  private static func dataDirectory(around path: String) -> String? {
    // What is not there yet lies in its parent.
    var folder = path
    for _ in 0..<64 {
      if access(folder + "/control.db", F_OK) == 0, access(folder + "/deployments", F_OK) == 0 {
        guard folder != path, let found = realpath(folder, nil) else { return path }
        defer { free(found) }
        return String(cString: found)
      }
      if access(folder, F_OK) == 0 {
        folder += "/.."
      } else {
        while folder.last == "/" { folder.removeLast() }
        guard let slash = folder.lastIndex(of: "/") else {
          folder = "."
          continue
        }
        folder = slash == folder.startIndex ? "/" : String(folder[..<slash])
      }
    }
    return nil
  }

  private var statePath: String { path + "/state.json" }

  func file(of model: String) -> String { "\(path)/\(model).ndjson" }

  /// The state; nil where there is none, or something else.
  func state() throws(MirrorError) -> MirrorState? {
    guard access(statePath, F_OK) == 0 else { return nil }
    var file = try LineFile(statePath)
    var text = ""
    while try file.next({ line in text += String(decoding: line, as: UTF8.self) }) {}
    guard let state = MirrorState(text: text) else { return nil }
    // What a process that was killed had written aside.
    for model in state.models + state.former { unlink(self.file(of: model) + ".new") }
    return state
  }

  func write(_ state: MirrorState) throws(MirrorError) {
    let file = try ReplacementFile(replacing: statePath)
    try file.append(Array(state.text.utf8))
    try file.sync()
    try file.replace()
    syncNames()
    for model in state.former { unlink(self.file(of: model)) }
  }

  /// Puts loaded files in their places, and then says so.
  func put(_ files: [ReplacementFile], _ state: MirrorState) throws(MirrorError) {
    for file in files { try file.replace() }
    syncNames()
    try write(state)
  }

  /// Writes changes into the files of their models, and then says so.
  func apply(_ changes: MirrorChanges, _ state: MirrorState) throws(MirrorError) {
    for (model, changes) in changes.models { try apply(changes, to: model) }
    syncNames()
    try write(state)
  }

  private func apply(_ changes: [ObjectID: [UInt8]?], to model: String) throws(MirrorError) {
    let path = file(of: model)
    var rest = changes
    let new = try ReplacementFile(replacing: path)
    var old = try LineFile(path)
    var isRubbish = false
    while try old.next({ line throws(MirrorError) in
      guard let id = MirrorLine.id(inLine: line) else {
        isRubbish = true
        return
      }
      guard let change = rest.removeValue(forKey: id) else { return try new.append(line) }
      if let text = change { try new.append(text) }
    }) {
      if isRubbish { throw .file(path, "it holds a line that was not written here") }
    }
    for case let text? in rest.values { try new.append(text) }
    try new.sync()
    try new.replace()
  }

  private func syncNames() {
    let number = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard number >= 0 else { return }
    fsync(number)
    close(number)
  }
}
