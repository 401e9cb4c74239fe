import Deployments
import HTTPServer
import Storage
import Synchronization

/// Whether the server can take requests: asked by `/health/ready` on every listener.
package final class ServerHealth: Sendable {
  private struct State {
    var stage: HealthReport.Stage
    var deployments: DeploymentRegistry?
  }

  private let state: Mutex<State>

  /// One that is starting. `deployments` are those of a server that serves already.
  package init(serving deployments: DeploymentRegistry? = nil) {
    state = Mutex(State(stage: deployments == nil ? .starting : .serving, deployments: deployments))
  }

  package func serve(_ deployments: DeploymentRegistry) {
    state.withLock { $0 = State(stage: .serving, deployments: deployments) }
  }

  package func drain() { state.withLock { $0.stage = .draining } }

  package var report: HealthReport {
    let state = state.withLock { $0 }
    guard state.stage == .serving, let deployments = state.deployments else { return HealthReport(state.stage) }
    let unusable = deployments.allUnusable
    return HealthReport(
      .serving, unfit: deployments.all.count { !$0.store.isFit }, unusable: unusable.count,
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
