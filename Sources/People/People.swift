import Crypto
import Deployments
import Storage
import Synchronization
import Wire

// People
//
// A person joins by a link (`People+Joining.swift`), signs in (`People+SignIn.swift`) and has a session
// (`People+Sessions.swift`); elevation gives the session a new token. `Access/Visitor.swift` says what the person may
// do. What a form cannot be taken for is held, what is secret is shown once (`People+Forms.swift`). Everything that
// changes something goes to the store as one plan, with its entry in the audit (`People+Audit.swift`).

/// Who may sign in and who is signed in, over the store that keeps them.
///
/// - Throws: `PeopleFault` and `StorageError` throughout.
package final class People: Sendable {
  /// What it stands on.
  package struct Foundation: Sendable {
    package var store: any PeopleStore
    package var clock: any WallClock
    package var key: ServerKey
    package var settings: PeopleSettings
    /// Where links begin: scheme, host and port.
    package var baseURL = "https://127.0.0.1:8443"
    package var cost = PasswordHash.Cost.usual
    /// Draws so many random bytes.
    package var draw: @Sendable (Int) -> [UInt8] = { Secret.random(bytes: $0) }
    /// The names of deployments, which no password may hold.
    package var deploymentNames: @Sendable () -> [String] = { [] }
    /// Gets each entry of the audit once it is on disk.
    package var report: @Sendable (AuditEntry) -> Void = { _ in }

    package init(store: any PeopleStore, clock: any WallClock, key: ServerKey, settings: PeopleSettings = .init()) {
      self.store = store
      self.clock = clock
      self.key = key
      self.settings = settings
    }
  }

  package let store: any PeopleStore
  package let settings: PeopleSettings
  private let base: Mutex<String>
  let clock: any WallClock
  let cost: PasswordHash.Cost
  let draw: @Sendable (Int) -> [UInt8]
  let deploymentNames: @Sendable () -> [String]
  let report: @Sendable (AuditEntry) -> Void
  let keys: Keys
  let threads: PasswordThreads
  let limits = SignInLimits()
  let uses = SessionUses()
  let failures = FailureSums()
  let recents = RecentLists()
  /// What passwords of nobody are compared with, so that they take as long.
  let nobodysHash: String

  /// Keys for single purposes: who has one of them has no other.
  struct Keys: Sendable {
    let tickets: [UInt8]
    let browsers: [UInt8]
    let factors: [UInt8]
    let shown: [UInt8]
    let held: [UInt8]
    let forms: [UInt8]

    init(_ key: ServerKey) {
      tickets = key.derived("people tickets")
      browsers = key.derived("people browsers")
      factors = key.derived("people factors")
      shown = key.derived("people shown")
      held = key.derived("people held")
      forms = key.derived("page forms")
    }
  }

  /// - Throws: where the system has no thread left.
  package init(_ foundation: Foundation) throws {
    store = foundation.store
    settings = foundation.settings
    base = Mutex(foundation.baseURL)
    clock = foundation.clock
    cost = foundation.cost
    draw = foundation.draw
    deploymentNames = foundation.deploymentNames
    report = foundation.report
    keys = Keys(foundation.key)
    nobodysHash = PasswordHash.ofNobody(foundation.cost)
    threads = try PasswordThreads()
  }

  static let noMemory = StorageError.unavailable("there is no memory to hash a password, which takes 64 MiB")

  var now: Instant { clock.now }

  /// A time from now; the end of time where there is none so late.
  func later(by seconds: Int64) -> Instant { Instant(secondsSince1970: now.secondsSince1970 + seconds) ?? .last }
  func earlier(by seconds: Int64) -> Instant { Instant(secondsSince1970: now.secondsSince1970 - seconds) ?? .first }

  // MARK: Plans.

  /// Does a plan, and reports what it entered into the audit.
  /// - Returns: nil where a condition did not hold.
  func perform(_ plan: PeoplePlan) async throws -> PeopleDone? {
    if case .done(let done) = try await outcome(of: plan) { done } else { nil }
  }

  func outcome(of plan: PeoplePlan) async throws -> PeopleOutcome {
    let outcome: PeopleOutcome
    do {
      outcome = try await store.perform(plan)
    } catch let error as StorageError where !plan.audit.isEmpty && error.isOfTheDisk {
      throw PeopleFault.unaudited(error)
    }
    if case .done(let done) = outcome { for entry in done.audit { report(entry) } }
    return outcome
  }

  /// The same where only somebody else's change can be in the way.
  @discardableResult
  func performUnlessChanged(_ plan: PeoplePlan) async throws -> PeopleDone {
    guard let done = try await perform(plan) else { throw PeopleFault.changed }
    return done
  }

  /// With it pages make the codes by which their forms know what was changed.
  package var formKey: [UInt8] { keys.forms }

  var baseURL: String { base.withLock { $0 } }

  /// Says where the pages are served: links begin there, also those that commands make without the server later.
  package func serve(at url: String) async throws {
    base.withLock { $0 = url }
    if try await store.fact(.pagesURL) != url {
      try await performUnlessChanged(PeoplePlan([.fact(.pagesURL, url)]))
    }
  }

  // MARK: Upkeep.

  /// Writes what is kept in memory and forgets what is over. Once a minute.
  package func tend() async throws {
    let used = uses.take()
    let failed = failures.take(at: now)
    let opened = recents.take()
    do {
      try await performUnlessChanged(
        PeoplePlan(
          opened.map(PeopleChange.recent) + [
            .used(used),
            .forget(
              PeopleExpiry(
                now: now, idleSince: earlier(by: settings.idleSeconds),
                begunBefore: earlier(by: settings.sessionSeconds), heldBefore: earlier(by: PeopleSettings.heldSeconds),
                noncesBefore: earlier(by: PeopleSettings.ticketSeconds),
                viewsBefore: earlier(by: PeopleSettings.viewSeconds))),
            .trimAudit(before: earlier(by: settings.auditDays * Instant.secondsInDay)),
          ], audit: failed))
      uses.settle()
    } catch {
      uses.giveBack(used)
      failures.giveBack(failed)
      recents.giveBack(opened)
      throw error
    }
  }

  /// Writes what is kept in memory. Before the store is closed.
  package func close() async {
    // What is lost here is when somebody clicked in the last minute.
    _ = try? await perform(
      PeoplePlan(recents.take().map(PeopleChange.recent) + [.used(uses.take())], audit: failures.take(at: nil)))
    threads.close()
  }
}

extension StorageError {
  /// Whether the store itself fails, and not a queue before it that is full or closing.
  fileprivate var isOfTheDisk: Bool {
    switch self {
    case .unavailable, .outcomeUnknown, .broken, .unusable, .tooManyFiles: true
    case .busy, .closed, .timeLimit, .rowTooLarge, .sessionEnded, .leaseLost, .webhookChanged, .uploadOutdated, .replan,
      .noRoomForAnswer:
      false
    }
  }
}
