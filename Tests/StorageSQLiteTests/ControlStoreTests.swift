import Storage
import Testing
import Wire

@testable import StorageSQLite

@Suite("The control file")
struct ControlStoreTests {
  private let place: TemporaryDirectory
  private var path: String { place.path + "/control.db" }

  init() throws { place = try TemporaryDirectory() }

  private func instant(_ seconds: Int64) throws -> Instant {
    try #require(Instant(secondsSince1970: seconds))
  }

  private func deployment(_ id: String, at seconds: Int64, settings: [String: String] = [:]) throws
    -> DeploymentRecord
  {
    DeploymentRecord(
      id: id, name: "Flights \u{1F6EB}", environment: "testing", appID: "app",
      createdAt: try instant(seconds),
      passwordHash: [0, 1, 255], settings: settings)
  }

  private func token(_ name: String, of deployment: String, at seconds: Int64) throws -> TokenRecord {
    TokenRecord(
      deployment: deployment, name: name, hash: [9, 0, 9], isReadOnly: name == "reader",
      createdAt: try instant(seconds),
      expiresAt: name == "short" ? try instant(seconds + 60) : nil)
  }

  @Test("keeps deployments with their settings, in order of creation, also over a restart")
  func deployments() throws {
    let store = try SQLiteControlStore(path: path)
    #expect(try store.deployments() == [])
    let late = try deployment("b", at: 200, settings: ["label": "B", "region": ""])
    let early = try deployment("c", at: 100)
    try store.add(late)
    try store.add(early)
    #expect(try store.deployments() == [early, late])
    #expect(try SQLiteControlStore(path: path).deployments() == [early, late])
  }

  @Test("refuses a second deployment of one id, and has changed nothing then")
  func sameID() throws {
    let store = try SQLiteControlStore(path: path)
    let first = try deployment("a", at: 100, settings: ["label": "A"])
    try store.add(first)
    #expect(throws: StorageError.self) { try store.add(try deployment("a", at: 5, settings: ["label": "B"])) }
    #expect(try store.deployments() == [first])
    try store.set([("region", "eu")], of: "a")
    #expect(try store.deployments().first?.settings == ["label": "A", "region": "eu"])
  }

  @Test("sets, replaces and forgets settings and passwords")
  func settings() throws {
    let store = try SQLiteControlStore(path: path)
    try store.add(try deployment("a", at: 100, settings: ["label": "A"]))
    try store.add(try deployment("b", at: 100))
    try store.set([("label", "New"), ("region", "eu")], of: "a")
    try store.set([("region", nil)], of: "b")
    #expect(try store.deployments().map(\.settings) == [["label": "New", "region": "eu"], [:]])
    try store.set([("label", "Newer"), ("label", nil)], of: "a")
    try store.setPassword(hash: [7], of: "a")
    let reopened = try SQLiteControlStore(path: path).deployments()
    #expect(reopened.map(\.settings) == [["region": "eu"], [:]])
    #expect(reopened.map(\.passwordHash) == [[7], [0, 1, 255]])
  }

  @Test("sets all of several settings or none")
  func severalSettings() throws {
    let store = try SQLiteControlStore(path: path)
    try store.add(try deployment("a", at: 100, settings: ["label": "A"]))
    let other = try Connection(path: path, role: .writer, cacheKiB: 256)
    try other.run(
      """
      CREATE TRIGGER refusal BEFORE INSERT ON settings WHEN NEW.key = 'region'
      BEGIN SELECT RAISE(ABORT, 'refused'); END
      """)
    #expect(throws: StorageError.self) { try store.set([("label", "B"), ("region", "eu")], of: "a") }
    #expect(try store.deployments().map(\.settings) == [["label": "A"]])
    try other.run("DROP TRIGGER refusal")
    try store.set([("label", "B"), ("region", "eu")], of: "a")
    #expect(try store.deployments().map(\.settings) == [["label": "B", "region": "eu"]])
  }

  @Test("keeps tokens, one of a name in each deployment, and says when they were used")
  func tokens() throws {
    let store = try SQLiteControlStore(path: path)
    for id in ["a", "b"] { try store.add(try deployment(id, at: 100)) }
    let all = [
      try token("reader", of: "a", at: 1), try token("short", of: "a", at: 2),
      try token("short", of: "b", at: 3),
    ]
    for token in all.reversed() { try store.add(token) }
    #expect(try store.tokens() == all)
    #expect(throws: StorageError.self) { try store.add(try token("short", of: "a", at: 9)) }
    try store.touch([
      ("short", "a", try instant(500)), ("short", "a", try instant(400)), ("nobody", "a", try instant(1)),
      ("reader", "a", try instant(300)),
    ])
    try store.touch([("reader", "a", try instant(299))])
    #expect(try store.tokens().map(\.lastUsedAt) == [try instant(300), try instant(500), nil])
    try store.remove(token: "short", of: "a")
    try store.remove(token: "nobody", of: "a")
    #expect(try SQLiteControlStore(path: path).tokens().map(\.name) == ["reader", "short"])
  }

  @Test("removes a deployment with all that belongs to it, and nothing of others")
  func removal() throws {
    let store = try SQLiteControlStore(path: path)
    let other = try deployment("b", at: 100, settings: ["label": "B"])
    try store.add(try deployment("a", at: 100, settings: ["label": "A"]))
    try store.add(other)
    for id in ["a", "b"] { try store.add(try token("t", of: id, at: 1)) }
    try store.remove(deployment: "a")
    #expect(try store.deployments() == [other])
    #expect(try store.tokens().map(\.deployment) == ["b"])
    try store.add(try deployment("a", at: 300))
    #expect(try store.deployments().map(\.settings) == [["label": "B"], [:]])
  }

  @Test("of a later version is refused")
  func laterVersion() throws {
    _ = try SQLiteControlStore(path: path)
    try Connection(path: path, role: .writer, cacheKiB: 256).run("PRAGMA user_version = 2")
    do {
      _ = try SQLiteControlStore(path: path)
      Issue.record("it was opened")
    } catch StorageError.unusable(let sentence) {
      #expect(sentence.contains("later version of Sojourn"))
    }
  }
}
