import CommandLineTable
import HTTPServer
import Synchronization

/// Keeps what TLS clients are shown equal to the files of certificate and key while the server runs: they are
/// read again at SIGHUP, and by themselves soon after they have changed. A pair that cannot be used changes
/// nothing, and the log says why.
final class ServedIdentity: Sendable {
  static let secondsBetweenLooks = 5

  private struct State {
    var files: LocalIdentity.Files
    var watch: FileWatch
  }

  private let state: Mutex<State>
  private let show: @Sendable (TLSIdentity) throws(ServerError) -> Bool
  private let log: ServerLog

  /// `stamps` are those of the files before they were read.
  init(
    _ files: LocalIdentity.Files, read stamps: [FileWatch.Stamp?], log: ServerLog,
    show: @escaping @Sendable (TLSIdentity) throws(ServerError) -> Bool
  ) {
    state = Mutex(State(files: files, watch: FileWatch(stamps)))
    self.log = log
    self.show = show
  }

  /// Reads the files again, which may be others now.
  /// - Returns: whether clients are shown something else from now on.
  @discardableResult
  func reload(from files: LocalIdentity.Files? = nil) -> Bool {
    let current = state.withLock { state in
      if let files { state.files = files }
      // Before they are read: what changes meanwhile is seen at the next look.
      state.watch = FileWatch(state.files.stamps)
      return state.files
    }
    return read(current)
  }

  /// Where what clients are shown lies.
  var files: LocalIdentity.Files { state.withLock { $0.files } }

  /// Looks whether the files have changed, until the task is cancelled.
  func run() async {
    while !Task.isCancelled {
      try? await Task.sleep(for: .seconds(Self.secondsBetweenLooks))
      if Task.isCancelled { return }
      let due = state.withLock { state in
        state.watch.isDue(state.files.stamps) ? state.files : nil
      }
      if let due { read(due) }
    }
  }

  @discardableResult
  private func read(_ files: LocalIdentity.Files) -> Bool {
    do throws(ServerError) {
      guard try show(files.load()) else { return false }
      log.note("Clients are shown the certificate \(files.certificate) as it is now.")
      return true
    } catch {
      log.error(
        "The certificate was not changed, and the one in use stays: \(error.description). Mend the files; they are read "
          + "again by themselves, or at once by SIGHUP.")
      return false
    }
  }
}
