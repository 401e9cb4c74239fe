import Storage
import Accounts
import HTTPServer
import Synchronization

/// Whether the server can take requests: asked by `/health/ready` on every listener.
package final class ServerHealth: Sendable {
  private struct State {
    var stage: HealthReport.Stage
    var accounts: Accounts?
  }

  private let state: Mutex<State>

  /// One that is starting. `accounts` are those of a server that serves already.
  package init(serving accounts: Accounts? = nil) {
    state = Mutex(State(stage: accounts == nil ? .starting : .serving, accounts: accounts))
  }

  package func serve(_ accounts: Accounts) {
    state.withLock { $0 = State(stage: .serving, accounts: accounts) }
  }

  package func drain() { state.withLock { $0.stage = .draining } }

  package var report: HealthReport {
    let state = state.withLock { $0 }
    guard state.stage == .serving, let accounts = state.accounts else { return HealthReport(state.stage) }
    let unusable = accounts.allUnusable
    return HealthReport(
      .serving, unfit: accounts.all.count { !$0.store.isFit }, unusable: unusable.count,
      unopened: unusable.count { $0.isForWantOfFiles })
  }

  /// The answer to `/health/live` and `/health/ready`; nil for any other path.
  package func response(to segments: [String]) -> Response? {
    switch segments {
    case ["health", "live"]: HealthReport.live.response
    case ["health", "ready"]: report.response
    default: nil
    }
  }
}
