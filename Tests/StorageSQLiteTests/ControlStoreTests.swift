import Storage
import Testing
import Wire

@testable import StorageSQLite

/// What the conformance kit cannot say of every engine.
@Suite("The control file")
struct ControlStoreTests {
  private let folder: TemporaryDirectory
  private var path: String { folder.path + "/control.db" }

  init() throws { folder = try TemporaryDirectory() }

  private func with<Result>(
    remembering count: Int64 = 1000, _ body: (SQLiteControlStore) async throws -> Result
  ) async throws -> Result {
    let store = try SQLiteControlStore(path: path, remembered: count)
    defer { store.close() }
    return try await body(store)
  }

  private func deployment(_ id: String, settings: [String: String] = [:]) throws -> DeploymentRecord {
    DeploymentRecord(
      id: id, name: "Flights", environment: "testing", appID: "app",
      createdAt: try #require(Instant(secondsSince1970: 100)), passwordHash: [0, 1, 255], settings: settings)
  }

  @Test("sets all of several settings or none, and is of the same revision where it sets none")
  func severalSettings() async throws {
    try await with { store in
      try await store.add(try deployment("a", settings: ["label": "A"]))
      let other = try Connection(path: path, role: .writer, cacheKiB: 256)
      try other.run(
        """
        CREATE TRIGGER refusal BEFORE INSERT ON settings WHEN NEW.key = 'region'
        BEGIN SELECT RAISE(ABORT, 'refused'); END
        """)
      let before = try await store.contents()
      await #expect(throws: StorageError.self) { try await store.set([("label", "B"), ("region", "eu")], of: "a") }
      #expect(try await store.contents() == before)
      try other.run("DROP TRIGGER refusal")
      try await store.set([("label", "B"), ("region", "eu")], of: "a")
      #expect(try await store.deployments().map(\.settings) == [["label": "B", "region": "eu"]])
    }
  }

  @Test("remembers so many changes as it is told to, and tells everything to who asks for earlier ones")
  func bound() async throws {
    try await with(remembering: 3) { store in
      for id in ["a", "b", "c", "d", "e"] { try await store.add(try deployment(id)) }
      let contents = try await store.contents()
      #expect(contents.revision == 5)
      #expect(try await store.changes(since: 1) == .everything(contents))
      guard case .some(let changes, let touched) = try await store.changes(since: 2) else {
        Issue.record("three changes were forgotten")
        return
      }
      #expect(changes.map(\.deployment) == ["c", "d", "e"])
      #expect(touched.deployments.map(\.record.id) == ["c", "d", "e"])
    }
    // Also after another start, with less to remember: the revision is never forgotten.
    try await with(remembering: 1) { store in
      try await store.remove(deployment: "a")
      #expect(try await store.revision() == 6)
      #expect(try await store.changes(since: 5).contents.deployments == [])
    }
  }

  @Test("of the first layout keeps what it holds and begins to count its changes")
  func firstLayout() async throws {
    let connection = try Connection(path: path, role: .writer, cacheKiB: 256, create: true)
    try connection.run(
      """
      CREATE TABLE deployments (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, environment TEXT NOT NULL, app_id TEXT NOT NULL,
        created_at INTEGER NOT NULL, password_hash BLOB NOT NULL);
      CREATE TABLE settings (
        deployment TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (deployment, key));
      CREATE TABLE tokens (
        deployment TEXT NOT NULL, name TEXT NOT NULL, hash BLOB NOT NULL, read_only INTEGER NOT NULL,
        created_at INTEGER NOT NULL, last_used_at INTEGER, expires_at INTEGER,
        PRIMARY KEY (deployment, name));
      INSERT INTO deployments VALUES ('a', 'Flights', 'testing', 'app', 100, x'0001ff');
      INSERT INTO settings VALUES ('a', 'label', 'A');
      INSERT INTO tokens VALUES ('a', 't', x'09', 1, 100, NULL, NULL);
      PRAGMA user_version = 1;
      """)
    let record = try deployment("a", settings: ["label": "A"])
    let token = TokenRecord(
      deployment: "a", name: "t", hash: [9], isReadOnly: true, createdAt: record.createdAt)
    try await with { store in
      #expect(
        try await store.contents()
          == ControlContents(revision: 0, deployments: [KeptDeployment(record, tokens: [token])]))
      try await store.set([("label", nil)], of: "a")
    }
    #expect(try await with { try await $0.revision() } == 1)
  }

  @Test("of the second layout keeps what it holds, its changes too, and takes people")
  func secondLayout() async throws {
    try await with { store in
      try await store.add(try deployment("a"))
      try await store.set([("label", "A")], of: "a")
    }
    let connection = try Connection(path: path, role: .writer, cacheKiB: 256)
    let added = try connection.rows(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    ) { $0.text(0) }
    let before: Set = ["deployments", "settings", "tokens", "changes"]
    #expect(Set(added).isSuperset(of: before.union(["people", "sessions", "audit"])))
    for table in added where !before.contains(table) { try connection.run("DROP TABLE \(table)") }
    for column in [
      "deployments DROP COLUMN password_used_at", "deployments DROP COLUMN password_address",
      "tokens DROP COLUMN last_address",
    ] { try connection.run("ALTER TABLE \(column)") }
    try connection.run("PRAGMA user_version = 2")
    try await with { store in
      #expect(try await store.revision() == 2)
      #expect(try await store.deployments() == [try deployment("a", settings: ["label": "A"])])
      let ada = PersonRecord(
        id: PersonID(drawn: [1, 2, 3, 4, 5, 6]), name: "Ada", email: "ada@example.org", createdAt: .first)
      _ = try await store.perform(PeoplePlan([.person(ada)], if: [.nobody]))
      #expect(try await store.people().map(\.id) == [ada.id])
      #expect(try await store.revision() == 2)
    }
  }

  @Test("of the third layout keeps its people, and notes from where credentials are used")
  func thirdLayout() async throws {
    let use = NotedUse(of: nil, in: "a", CredentialUse(at: .last, address: "::1"))
    try await with { store in
      try await store.add(try deployment("a"))
      let ada = PersonRecord(
        id: PersonID(drawn: [1, 2, 3, 4, 5, 6]), name: "Ada", email: "ada@example.org", createdAt: .first)
      _ = try await store.perform(PeoplePlan([.person(ada)]))
    }
    let connection = try Connection(path: path, role: .writer, cacheKiB: 256)
    for column in [
      "deployments DROP COLUMN password_used_at", "deployments DROP COLUMN password_address",
      "tokens DROP COLUMN last_address",
    ] { try connection.run("ALTER TABLE \(column)") }
    try connection.run("DROP TABLE setting_notes; DROP TABLE views; DROP TABLE view_defaults; PRAGMA user_version = 3")
    try await with { store in
      try await store.touch([use])
      #expect(try await store.people().map(\.name) == ["Ada"])
      #expect(try await store.deployments().map(\.passwordUse) == [use.use])
    }
  }

  @Test("of the fourth layout keeps its settings, and notes from then on who sets them")
  func fourthLayout() async throws {
    let use = NotedUse(of: nil, in: "a", CredentialUse(at: .last, address: "::1"))
    try await with { store in
      try await store.add(try deployment("a", settings: ["label": "A"]))
      try await store.touch([use])
    }
    let connection = try Connection(path: path, role: .writer, cacheKiB: 256)
    try connection.run("DROP TABLE setting_notes; DROP TABLE views; DROP TABLE view_defaults; PRAGMA user_version = 4")
    let note = SettingNote(at: .last, by: SettingNote.command)
    try await with { store in
      #expect(try await store.deployments().map(\.settingNotes) == [[:]])
      #expect(try await store.set(SettingsPlan([("region", "eu")], by: note), of: "a") == .done([]))
      let kept = try await store.deployments()
      #expect(kept.map(\.settings) == [["label": "A", "region": "eu"]])
      #expect(kept.map(\.settingNotes) == [["region": note]] && kept.map(\.passwordUse) == [use.use])
    }
  }

  @Test("of the fifth layout keeps its numbered views, and takes views with names beside them")
  func fifthLayout() async throws {
    let ada = PersonRecord(
      id: PersonID(drawn: [1, 2, 3, 4, 5, 6]), name: "Ada", email: "ada@example.org", createdAt: .first)
    let state = ViewState(person: ada.id, deployment: "a", address: "/", usedAt: .last)
    try await with { store in _ = try await store.perform(PeoplePlan([.person(ada), .keep(state, most: 5)])) }
    let connection = try Connection(path: path, role: .writer, cacheKiB: 256)
    try connection.run("DROP TABLE views; DROP TABLE view_defaults; PRAGMA user_version = 5")
    try await with { store in
      #expect(try await store.view(1, of: ada.id, in: "a") == state)
      let view = NamedView(deployment: "a", model: "m", owner: ada.id, name: "A", changedAt: .last)
      let added = try await store.perform(PeoplePlan([.add(view, address: "/m")]))
      guard case .done(let done) = added else { return #expect(Bool(false), "it was refused") }
      #expect(done.numbers == [2])
      #expect(try await store.namedView(2, in: "a")?.address == "/m")
    }
  }

  @Test("that was restored from a backup has nobody signed in, no open link and no held form")
  func restored() async throws {
    let ada = PersonID(drawn: [1, 2, 3, 4, 5, 6])
    let session = SessionRecord(
      id: SessionID(drawn: [6, 5, 4, 3, 2, 1]), person: ada, tokenHash: [1], startedAt: .first)
    try await with { store in
      _ = try await store.perform(
        PeoplePlan([
          .person(PersonRecord(id: ada, name: "Ada", email: "ada@example.org", createdAt: .first)), .session(session),
          .show(ShownValue(session: session.id, name: "n", sealed: [1], until: .last)),
          .link(LinkRecord(hash: [1], kind: .first, madeAt: .first, expiresAt: .last)),
          .hold(HeldForm(person: ada, path: "/", sealed: [], heldAt: .last), most: 10),
        ]))
    }
    try RestoredPeople.signOut(at: path)
    try await with { (store: SQLiteControlStore) async throws -> Void in
      #expect(try await store.people().count == 1)
      #expect(try await store.session(tokenHash: [1]) == nil)
      #expect(try await store.shown("n", to: session.id) == nil)
      #expect(try await store.links() == [])
      #expect(try await store.held(1, of: ada) == nil)
    }
  }

  @Test("says that an entry of the audit was altered, wherever it was")
  func alteredAudit() async throws {
    try await with { store in
      for action in ["one", "two", "three"] {
        _ = try await store.perform(PeoplePlan([], audit: [AuditDraft(at: .first, action: action)]))
      }
      let entries = try await store.audit(AuditWant(.oldest(after: 0), limit: 10))
      #expect(entries[1].follows(entries[0].anchor))
      let other = try Connection(path: path, role: .writer, cacheKiB: 256)
      for column in ["at = at + 1", "person = '0123456789ab'", "target = 'x'", "outcome = 'x'", "count = 0"] {
        try other.run("UPDATE audit SET \(column) WHERE number = 2")
        let altered = try await store.audit(AuditWant(.oldest(after: 1), limit: 1))
        #expect(!altered[0].follows(entries[0].anchor), "\(column)")
      }
    }
  }

  @Test("of a later version is refused")
  func laterVersion() async throws {
    try await with { _ in }
    let later = ControlLayout.fileVersion + 1
    try Connection(path: path, role: .writer, cacheKiB: 256).run("PRAGMA user_version = \(later)")
    do {
      _ = try SQLiteControlStore(path: path)
      Issue.record("it was opened")
    } catch StorageError.unusable(let sentence) {
      #expect(sentence.contains("later version of Sojourn"))
    }
  }

  @Test("that is closed refuses, and traps nobody")
  func closed() async throws {
    let store = try SQLiteControlStore(path: path)
    store.close()
    await #expect(throws: StorageError.closed) { try await store.revision() }
    await #expect(throws: StorageError.closed) { try await store.add(try deployment("a")) }
  }
}
