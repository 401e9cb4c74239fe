import Crypto
import DataModel
import Storage
import Synchronization
import Wire

/// All deployments of a server, and what administrators do with them. What it changes is on disk and
/// in effect when a call returns.
package final class DeploymentRegistry: Sendable {
  package let engine: any StorageEngine
  private let clock: any WallClock
  private let deployments: Mutex<[String: Deployment]>
  private let unusable: Mutex<[String: UnusableDeployment]>
  /// Deployments that are registered and were not to be opened.
  private let resting: Set<String>

  /// Which deployments are opened.
  package enum Opening: Sendable, Equatable {
    case all, none
    case one(String)

    fileprivate func covers(_ id: String) -> Bool {
      switch self {
      case .all: true
      case .none: false
      case .one(let one): one == id
      }
    }
  }

  /// Opens deployments. One that cannot be opened is put aside, and the others are served.
  /// - Throws: `StorageError` where the control store cannot be read.
  package init(engine: any StorageEngine, clock: any WallClock, opening: Opening = .all) throws {
    self.engine = engine
    self.clock = clock
    let tokens = Dictionary(grouping: try engine.control.tokens(), by: \.deployment)
    var deployments: [String: Deployment] = [:]
    var unusable: [String: UnusableDeployment] = [:]
    var resting: Set<String> = []
    for record in try engine.control.deployments() {
      guard opening.covers(record.id) else {
        resting.insert(record.id)
        continue
      }
      let own = tokens[record.id] ?? []
      do {
        deployments[record.id] = Deployment(record, tokens: own, store: try engine.open(deployment: record.id))
      } catch let error as StorageError {
        unusable[record.id] = UnusableDeployment(record, tokens: own, error: error)
      }
    }
    self.deployments = Mutex(deployments)
    self.unusable = Mutex(unusable)
    self.resting = resting
  }

  /// Whether there is such a deployment, opened or not.
  package func isRegistered(_ id: String) -> Bool {
    self[id] != nil || unusable(id) != nil || resting.contains(id)
  }

  package subscript(id: String) -> Deployment? { deployments.withLock { $0[id] } }
  package func unusable(_ id: String) -> UnusableDeployment? { unusable.withLock { $0[id] } }

  /// Those that could not be opened, in order of creation.
  package var allUnusable: [UnusableDeployment] {
    unusable.withLock { Array($0.values) }.sorted {
      ($0.record.createdAt, $0.id) < ($1.record.createdAt, $1.id)
    }
  }

  package var all: [Deployment] {
    deployments.withLock { Array($0.values) }.sorted {
      ($0.record.createdAt, $0.id) < ($1.record.createdAt, $1.id)
    }
  }

  /// - Throws: `DeploymentFault` where there is none, or none that can be used.
  package func deployment(_ id: String) throws -> Deployment {
    if let deployment = self[id] { return deployment }
    guard let unusable = unusable(id) else { throw Self.noDeployment(id) }
    throw DeploymentFault("The deployment \(id) cannot be used. \(unusable.reason)")
  }

  private static func noDeployment(_ id: String) -> DeploymentFault {
    DeploymentFault("There is no deployment \(CutText.cut(id)). `sojourn deployment list` shows those there are.")
  }

  // MARK: Deployments.

  package struct NewDeployment: Sendable {
    package var name: String
    package var environment: String
    package var model: DataModel
    package var id: String?
    package var appID: String?
    package var person: Person?

    package init(
      name: String, environment: String, model: DataModel, id: String? = nil, appID: String? = nil,
      person: Person? = nil
    ) {
      self.name = name
      self.environment = environment
      self.model = model
      self.id = id
      self.appID = appID
      self.person = person
    }
  }

  /// What is wrong with a name; nil where it will do.
  package static func problem(withName name: String, of what: String, most: Int) -> String? {
    guard name.utf8.count <= most, !name.allSatisfy(\.isWhitespace) else {
      return "\(what)'s name has 1 to \(most) bytes that can be seen."
    }
    return DeploymentFault.problem(with: name, of: "\(what)'s name")
  }

  package static let environments = ["testing", "staging", "production"]

  /// Makes a deployment. The password is returned this once and kept as a hash.
  /// - Throws: `DeploymentFault`, `StorageError`.
  package func create(_ new: NewDeployment) async throws -> (deployment: Deployment, password: String) {
    if let problem = Self.problem(withName: new.name, of: "A deployment", most: 200) { throw DeploymentFault(problem) }
    try DeploymentFault.refuseHidden(in: new.person)
    guard Self.environments.contains(new.environment) else {
      throw DeploymentFault(
        "The environment is one of \(Self.environments.joined(separator: ", ")), not \"\(CutText.cut(new.environment))\"."
      )
    }
    for (option, id) in [("--id", new.id), ("--app-id", new.appID)] {
      if let id, !DeploymentID.isValid(id) {
        throw DeploymentFault("\(option) takes 24 lower-case hex digits, not \"\(CutText.cut(id))\".")
      }
    }
    let id = new.id ?? DeploymentID.random()
    guard !isRegistered(id) else { throw DeploymentFault("There is a deployment \(id) already.") }
    let password = Secret.randomText(bytes: 24)
    let record = DeploymentRecord(
      id: id, name: new.name, environment: new.environment, appID: new.appID ?? DeploymentID.random(),
      createdAt: clock.now, passwordHash: SHA256.hash(password), settings: DeploymentSetting.ofNewDeployments)
    let store = try engine.create(deployment: id, model: new.model, by: new.person)
    do {
      try engine.control.add(record)
    } catch {
      // Nobody knows of it: what was made goes again, so that the id is free.
      await store.close()
      try? engine.remove(deployment: id)
      throw error
    }
    let deployment = Deployment(record, tokens: [], store: store)
    deployments.withLock { $0[id] = deployment }
    return (deployment, password)
  }

  /// Removes a deployment with all its objects, for good; also one that cannot be used.
  package func delete(_ id: String) async throws {
    let deployment = self[id]
    guard deployment != nil || unusable(id) != nil else { throw Self.noDeployment(id) }
    try engine.control.remove(deployment: id)
    deployments.withLock { $0[id] = nil }
    unusable.withLock { $0[id] = nil }
    deployment?.noteDeletion()
    await deployment?.store.close()
    try engine.remove(deployment: id)
  }

  /// Sets settings, all of them or none; an empty assignment (`region=`) is kept as empty, nil goes back to the default.
  package func set(_ values: [(key: String, value: String?)], of id: String) throws {
    let deployment = try deployment(id)
    for (key, value) in values {
      guard let setting = DeploymentSetting(rawValue: key) else {
        throw DeploymentFault(
          "There is no setting \(CutText.cut(key)). There are "
            + "\(DeploymentSetting.allCases.map(\.rawValue).joined(separator: ", ")).")
      }
      if let value, let problem = setting.problem(with: value) { throw DeploymentFault(problem) }
      if setting == .appUser, let value, deployment.store.dataModel[value] == nil {
        throw DeploymentFault("app_user: the data model has no model \"\(CutText.cut(value))\".")
      }
    }
    try engine.control.set(values, of: id)
    deployment.change { state in
      for (key, value) in values { state.record.settings[key] = value }
    }
  }

  package func resetPassword(of id: String) throws -> String {
    let deployment = try deployment(id)
    let password = Secret.randomText(bytes: 24)
    let hash = SHA256.hash(password)
    try engine.control.setPassword(hash: hash, of: id)
    deployment.endCredentials { $0.record.passwordHash = hash }
    return password
  }

  // MARK: Tokens.

  /// Makes a named token. It is returned this once and kept as a hash.
  package func createToken(
    name: String, of id: String, isReadOnly: Bool, validForSeconds: Int?
  ) throws -> String {
    let deployment = try deployment(id)
    if let problem = Self.problem(withName: name, of: "A token", most: 100) { throw DeploymentFault(problem) }
    if let seconds = validForSeconds, seconds < 1 {
      throw DeploymentFault(
        "--expires takes a duration from 1s on, such as 30d: a token of 0 s would be over when it is made.")
    }
    guard !deployment.tokens.contains(where: { $0.name == name }) else {
      throw DeploymentFault(
        "There is a token \"\(CutText.cut(name))\" already. Revoke it first, or choose another name.")
    }
    var expiresAt: Instant?
    if let seconds = validForSeconds {
      let (end, overflow) = clock.now.secondsSince1970.addingReportingOverflow(Int64(seconds))
      guard !overflow, let instant = Instant(secondsSince1970: end) else {
        throw DeploymentFault("--expires reaches beyond the year 9999.")
      }
      expiresAt = instant
    }
    let token = "O:\(Secret.randomText(bytes: 24))"
    let record = TokenRecord(
      deployment: id, name: name, hash: SHA256.hash(token), isReadOnly: isReadOnly,
      createdAt: clock.now, expiresAt: expiresAt)
    try engine.control.add(record)
    deployment.change { $0.tokens[record.hash] = record }
    return token
  }

  package func tokens(of id: String) throws -> [TokenRecord] {
    storeUses()
    return try deployment(id).tokens
  }

  package func revokeToken(name: String, of id: String) throws {
    let deployment = try deployment(id)
    guard let token = deployment.tokens.first(where: { $0.name == name }) else {
      throw DeploymentFault("There is no token \"\(CutText.cut(name))\" in deployment \(id).")
    }
    try engine.control.remove(token: name, of: id)
    deployment.endCredentials { $0.tokens[token.hash] = nil }
  }

  /// Puts the last uses of tokens into the control store. Called once a minute, and at the end.
  func storeUses() {
    var uses: [(token: String, deployment: String, at: Instant)] = []
    for deployment in all {
      for (token, at) in deployment.takeUses() { uses.append((token, deployment.id, at)) }
    }
    // A use that is not noted costs nobody anything; the next one is.
    if !uses.isEmpty { try? engine.control.touch(uses) }
  }

  // MARK: The oplog.

  /// How long a trimming rests between two parts, so that writes find the disk free.
  private static let restMilliseconds = 10

  /// Removes entries of the oplog, for up to `seconds`; then it is to be called again until it is done.
  /// What an enabled webhook has not delivered stays, unless `isForced`.
  package func trimOplog(
    of id: String, _ cut: OplogCut, evenIfNeeded isForced: Bool = false, forSeconds seconds: Int
  ) async throws -> OplogTrim {
    try await trim(try deployment(id), cut, evenIfNeeded: isForced, until: .now + .seconds(seconds))
  }

  private func trim(
    _ deployment: Deployment, _ cut: OplogCut, evenIfNeeded isForced: Bool = false, until end: ContinuousClock.Instant
  ) async throws -> OplogTrim {
    var whole = OplogTrim(removed: 0, isDone: false)
    while !whole.isDone, ContinuousClock.now < end, !Task.isCancelled {
      let part = try await deployment.store.trimOplog(cut, evenIfNeeded: isForced)
      whole = OplogTrim(removed: whole.removed + part.removed, isDone: part.isDone, heldBy: part.heldBy)
      if !part.isDone { try? await Task.sleep(for: .milliseconds(Self.restMilliseconds)) }
    }
    return whole
  }

  /// The time up to which the oplog of a deployment may go, by its `oplog_retention`; nil where all is
  /// kept.
  private func retentionCut(of deployment: Deployment) -> OplogCut? {
    deployment.value(of: .oplogRetention).flatMap { Quantity.seconds(of: $0) }.map {
      .olderThan(milliseconds: clock.milliseconds() - Int64($0) * 1000)
    }
  }

  /// What is due now and then in the background: markers, uses of tokens, retention. Once a minute.
  package func tend() async {
    storeUses()
    for deployment in all where !Task.isCancelled {
      // What fails here comes again in a minute; a disk that takes nothing shows in what clients ask.
      try? await deployment.store.tend()
      try? await deployment.storeConnections()
      guard let cut = retentionCut(of: deployment) else { continue }
      _ = try? await trim(deployment, cut, until: .now + .seconds(30))
    }
  }

  /// Ends all waits for changes, so that nothing holds up the end of the server.
  package func endWaits() {
    for deployment in all { deployment.store.endWaits() }
  }

  /// Waits for what runs, then closes every store and the engine.
  package func close() async {
    storeUses()
    for deployment in all {
      // What is lost here is when devices called in the last minute.
      try? await deployment.storeConnections()
      await deployment.store.close()
    }
    engine.close()
  }
}
