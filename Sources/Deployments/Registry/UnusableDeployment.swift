import Storage
import Synchronization
import Wire

/// A deployment whose data could not be opened. It stands in nobody's way: the others are served, its own
/// requests are answered with 503, and it can be deleted.
package final class UnusableDeployment: Sendable {
  package let id: String
  /// Why, and what to do: a sentence for the log and for administrators, never for a client.
  package let reason: String
  /// Whether the process may have too few files open: nothing is wrong with the data.
  package let isForWantOfFiles: Bool
  /// Whether nothing is wrong with the data: the storage could not be reached, or had too much to do.
  let isPassing: Bool
  private let state: Mutex<Deployment.State>

  init(_ kept: KeptDeployment, error: StorageError) {
    self.id = kept.record.id
    self.reason = error.sentence
    self.isForWantOfFiles = error == .tooManyFiles
    switch error {
    case .unavailable, .outcomeUnknown, .busy, .timeLimit: isPassing = true
    default: isPassing = false
    }
    self.state = Mutex(Deployment.State(kept))
  }

  /// Takes what the control store keeps now.
  func take(_ kept: KeptDeployment) { _ = state.withLock { $0.take(kept) } }

  package var record: DeploymentRecord { state.withLock { $0.record } }
  package var origins: AllowedOrigins { state.withLock { $0.origins } }

  /// Who presents these credentials: only who may come in is told that the deployment is there.
  package func caller(with credentials: Credentials, at now: Instant) -> Caller? {
    state.withLock { $0.caller(with: credentials, CredentialUse(at: now, address: "")) }
  }
}
