import Crypto
import DataModel
import Foundation
import Storage
import Synchronization
import Testing
import Threads
import Wire

@testable import StorageSQLite

/// What operators do with a data directory, and what readers of its feeds are told.
@Suite("A deployment's files")
final class RestoreTests {
  private let folder: TemporaryDirectory
  private let clock = ManualClock(milliseconds: 1_359_623_100_000)
  private let threads: StoreThreads
  private let reports = Reports()

  private final class Reports: Sendable {
    private let sentences = Mutex<[String]>([])
    var all: [String] { sentences.withLock { $0 } }
    func append(_ sentence: String) { sentences.withLock { $0.append(sentence) } }
  }

  init() throws {
    folder = try TemporaryDirectory()
    threads = try StoreThreads(reading: 1)
    try FileManager.default.createDirectory(atPath: live, withIntermediateDirectories: true)
  }

  deinit { threads.close() }

  private var live: String { folder.path + "/live" }
  private var backup: String { folder.path + "/backup" }

  private func run(_ command: String...) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/" + command[0])
    process.arguments = Array(command.dropFirst())
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(command)")
  }

  private var options: SQLiteObjectStore.Options {
    var options = SQLiteObjectStore.Options()
    options.report = { [reports] in reports.append($0) }
    return options
  }

  private func create() throws -> SQLiteObjectStore {
    let xml = """
      <data-model><model name="flight" label="A"><field name="a" label="A" type="text"/>
      <display>A</display></model></data-model>
      """
    let model = try #require(DataModelReader.read(Array(xml.utf8)).model)
    return try SQLiteObjectStore(
      creating: live + "/a.db", model: model, by: nil, StoreContext(threads: threads, clock: clock, options: options))
  }

  private func open(_ directory: String? = nil) throws -> SQLiteObjectStore {
    try SQLiteObjectStore(
      path: (directory ?? live) + "/a.db", StoreContext(threads: threads, clock: clock, options: options))
  }

  /// Writes objects and gives the last sequence.
  @discardableResult
  private func write(_ count: Int, to store: SQLiteObjectStore) async throws -> Int64 {
    let flight = try #require(store.dataModel["flight"])
    var random = SystemRandom()
    for _ in 0..<count {
      _ = try await store.write(
        WritePlan(steps: [.create(flight, .random(using: &random), [.null])], origin: "password"))
    }
    return try await store.read { try $0.nextSequence() } - 1
  }

  @Test("keep the feed when they are moved, and over a crash")
  func moved() async throws {
    let store = try create()
    try await write(3, to: store)
    await store.close()
    try run("mv", live, folder.path + "/elsewhere")
    let moved = try open(folder.path + "/elsewhere")
    #expect(moved.feedID == store.feedID)
    try await moved.tend()
    // What the marker does not know of yet.
    try await write(3, to: moved)
    await moved.close()
    #expect(reports.all == [])
  }

  @Test("of an older copy get a new feed, and sequences that were never given", arguments: [false, true])
  func restored(overTheLiveOnes: Bool) async throws {
    let store = try create()
    try await write(3, to: store)
    await store.close()
    try run("cp", "-a", live, backup)
    let second = try open()
    #expect(second.feedID == store.feedID, "making a copy changes nothing")
    // The clock stands still: the numbers that were given after the copy are the next ones by the rule.
    let last = try await write(5, to: second)
    await second.close()
    if overTheLiveOnes {
      try run("cp", "-a", backup + "/.", live)
    } else {
      try run("rm", "-r", live)
      try run("cp", "-a", backup, live)
    }
    let restored = try open()
    #expect(restored.feedID != store.feedID)
    #expect(reports.all.count == 1, "\(reports.all)")
    // The marker that knew the lost entries is gone with them: the clock keeps the numbers apart.
    clock.advance(byMilliseconds: 1)
    #expect(try await write(1, to: restored) > last)
    await restored.close()
    let again = try open()
    #expect(again.feedID == restored.feedID, "once renewed it stands")
    await again.close()
  }

  @Test("with an older data file under the marker get a new feed, and go on above the marker")
  func olderFile() async throws {
    let store = try create()
    try await write(3, to: store)
    await store.close()
    try run("cp", "-a", live + "/a.db", folder.path + "/a.db")
    let longer = try open()
    let last = try await write(5, to: longer)
    await longer.close()
    try run("cp", folder.path + "/a.db", live + "/a.db")
    let restored = try open()
    #expect(restored.feedID != store.feedID)
    #expect(reports.all.first?.contains("older than what was served") == true)
    // A commit without an entry is no step up to the marker's sequence.
    let flight = try #require(restored.dataModel["flight"])
    _ = try await restored.write(
      WritePlan(steps: [.delete(flight, ObjectID(high: 1, low: 1))], origin: "password"))
    #expect(try await restored.waitForEntry(from: last - 1, until: .now + .milliseconds(10)) == .over)
    try await restored.tend()
    await restored.close()
    let second = try open()
    #expect(second.feedID == restored.feedID)
    #expect(reports.all.count == 1)
    // The clock stands still, even goes back.
    clock.advance(byMilliseconds: -60_000)
    #expect(try await write(1, to: second) == last + 1)
    await second.close()
    let again = try open()
    #expect(again.feedID == restored.feedID)
    #expect(try await write(1, to: again) == last + 2)
    await again.close()
  }

  @Test("without their marker, or with one that cannot be read, get a new feed", arguments: [true, false])
  func withoutMarker(isGone: Bool) async throws {
    let store = try create()
    await store.close()
    if isGone {
      try run("rm", live + "/a.marker")
    } else {
      try Data("rubbish".utf8).write(to: URL(filePath: live + "/a.marker"))
    }
    let found = try open()
    #expect(found.feedID != store.feedID)
    #expect(reports.all.count == 1)
    await found.close()
    #expect(FileManager.default.fileExists(atPath: live + "/a.marker"))
  }

  @Test("of layout 1 are brought to this one, and begin a feed that stays")
  func firstLayout() async throws {
    let store = try create()
    let last = try await write(3, to: store)
    await store.close()
    let connection = try Connection(path: live + "/a.db", role: .writer, cacheKiB: 256)
    try connection.run(
      """
      DROP TABLE meta; DROP TABLE users; DROP TABLE sessions; DROP TABLE enrolment_tokens;
      PRAGMA user_version = 1;
      """)
    try run("rm", live + "/a.marker")
    let found = try open()
    #expect(found.feedID != store.feedID)
    #expect(reports.all == [])
    #expect(try await found.read { try $0.oplogBounds() }.kept?.upperBound == last)
    #expect(try await found.read { try $0.users([ObjectID(high: 1, low: 1)]) }.isEmpty)
    await found.close()
    let again = try open()
    #expect(again.feedID == found.feedID)
    await again.close()
  }

  @Test("of layout 2 get room for attachments, and keep their feed")
  func secondLayout() async throws {
    let store = try create()
    try await write(1, to: store)
    await store.close()
    let connection = try Connection(path: live + "/a.db", role: .writer, cacheKiB: 256)
    try connection.run("DROP TABLE attachments; DROP TABLE blobs; PRAGMA user_version = 2;")
    let found = try open()
    #expect(found.feedID == store.feedID)
    let rows = try await found.read { try $0.attachments([ObjectID(high: 1, low: 2)]) }
    #expect(rows == [:])
    #expect(try await found.blobs(after: nil, most: 1) == [])
    await found.close()
  }

  @Test("of layout 7 get leases, and revisions of webhooks")
  func seventhLayout() async throws {
    let store = try create()
    let record = WebhookRecord(name: "a", url: "http://a.example.org", secret: [9], position: 1)
    try await store.change([WebhookChange(record: record)])
    await store.close()
    let connection = try Connection(path: live + "/a.db", role: .writer, cacheKiB: 256)
    try connection.run(
      "DROP TABLE leases; ALTER TABLE hooks DROP COLUMN revision; PRAGMA user_version = 7;")
    let found = try open()
    #expect(try await found.webhooks() == [record])
    try await found.change([WebhookChange(record: record)])
    #expect(try await found.webhooks().map(\.revision) == [1])
    #expect(try await found.take(lease: "sweep", for: 1000, as: ObjectID(high: 1, low: 1))?.number == 1)
    await found.close()
  }

  @Test("of layout 8 keep their blobs in the first generation, and go on from there")
  func eighthLayout() async throws {
    let store = try create()
    let hash = ContentHash(of: [1])
    let new = NewAttachment(id: ObjectID(high: 9, low: 1), hash: hash, size: 1, traits: 0, fileName: nil)
    _ = try await store.write(WritePlan(steps: [.receive(new)], origin: "password"))
    await store.close()
    let connection = try Connection(path: live + "/a.db", role: .writer, cacheKiB: 256)
    try connection.run(
      "DROP TABLE removing_blobs; ALTER TABLE blobs DROP COLUMN generation; PRAGMA user_version = 8;")
    let found = try open()
    #expect(try await found.blobs(after: nil, most: 10).map(\.key) == [BlobKey(hash)])
    #expect(try await found.read { try $0.attachments([new.id])[new.id]?.key } == BlobKey(hash))
    #expect(try await found.target(for: hash) == BlobTarget(generation: 1, isLost: false))
    #expect(try await found.sweepAttachments(unlinkedBefore: .max, most: 10) == 1)
    #expect(try await found.startRemoving([BlobKey(hash)], unneededBefore: .max) == [BlobKey(hash)])
    #expect(try await found.target(for: hash) == BlobTarget(generation: 2, isLost: false))
    await found.close()
  }

  @Test("of layout 10 get notes of deploys")
  func tenthLayout() async throws {
    let store = try create()
    let model = store.dataModel.model
    await store.close()
    let connection = try Connection(path: live + "/a.db", role: .writer, cacheKiB: 256)
    try connection.run("ALTER TABLE deploys DROP COLUMN note; PRAGMA user_version = 10;")
    let found = try open()
    _ = try await found.deploy(model, DeployTerms(note: "again"))
    #expect(try await found.deploys().map(\.note) == ["again", nil])
    await found.close()
  }

  @Test("of layout 11 learn which fields have held passwords from the deploys that they keep")
  func eleventhLayout() async throws {
    func model(_ type: String?, _ more: String = "") throws -> DataModel {
      let field = type.map { "<field name=\"pin\" label=\"Pin\" type=\"\($0)\"/>" } ?? ""
      let xml = """
        <data-model><model name="flight" label="A"><field name="a" label="A" type="text"/>\(field)
        <display>A</display></model>\(more)</data-model>
        """
      return try #require(DataModelReader.read(Array(xml.utf8)).model)
    }
    let store = try create()
    // Written with a reference, in a model that is gone, and in one that had a field of the same name.
    let gone = """
      <model name="gone" label="G"><field name="code" label="C" type="text:pass&#119;ord"/><display>G</display></model>
      """
    _ = try await store.deploy(try model(nil, gone), by: nil)
    _ = try await store.deploy(try model("text:password"), by: nil)
    _ = try await store.deploy(try model("text"), by: nil)
    await store.close()
    let connection = try Connection(path: live + "/a.db", role: .writer, cacheKiB: 256)
    try connection.run("ALTER TABLE columns DROP COLUMN passwords; PRAGMA user_version = 11;")
    for _ in 0..<2 {
      let found = try open()
      let flight = try #require(found.dataModel["flight"])
      #expect(flight.columns.map { "\($0.name) \($0.isMasked)" } == ["a false", "pin true"])
      await found.close()
    }
    let found = try open()
    let back = gone.replacing("text:pass&#119;ord", with: "integer")
    _ = try await found.deploy(try model("integer", back), by: nil)
    #expect(found.dataModel.models.map { $0.columns.map(\.isMasked) } == [[false, true], [true]])
    await found.close()
  }

  @Test("of layout 5 have their attachments counted once, and on from there")
  func fifthLayout() async throws {
    let store = try create()
    let model = try #require(
      DataModelReader.read(
        Array(
          """
          <data-model><model name="flight" label="A"><field name="a" label="A" type="attachment" media="any"/>
          <display>A</display></model></data-model>
          """.utf8)
      ).model)
    let flight = try #require(try await store.deploy(model, by: nil)["flight"])
    func upload(_ number: UInt64, to store: SQLiteObjectStore) async throws {
      let new = NewAttachment(
        id: ObjectID(high: 9, low: number), hash: ContentHash(of: [UInt8(number)]), size: Int64(number * 100),
        traits: 0,
        fileName: nil)
      _ = try await store.write(
        WritePlan(
          steps: [.create(flight, ObjectID(high: 1, low: number), [.id(new.id)])], origin: "password",
          attachments: [new.id: new]))
    }
    try await upload(1, to: store)
    try await upload(2, to: store)
    await store.close()
    let connection = try Connection(path: live + "/a.db", role: .writer, cacheKiB: 256)
    try connection.run(
      """
      DROP TABLE attachment_totals; DROP TRIGGER attachment_added; DROP TRIGGER attachment_changed;
      DROP TRIGGER attachment_removed; PRAGMA user_version = 5;
      """)
    for expected in [AttachmentTotals(attachments: 2, bytes: 300), AttachmentTotals(attachments: 3, bytes: 600)] {
      let found = try open()
      #expect(found.figures.attachments == expected)
      if expected.attachments == 2 { try await upload(3, to: found) }
      await found.close()
    }
  }

  @Test("leave no marker behind when the deployment is removed")
  func removed() async throws {
    let directory = try DataDirectory(folder.path + "/data")
    let engine = try SQLiteEngine(directory, clock: clock)
    let model = try #require(
      DataModelReader.read(
        Array(
          "<data-model><model name=\"a\" label=\"A\"><field name=\"b\" label=\"B\" type=\"text\"/><display>A</display></model></data-model>"
            .utf8)
      ).model)
    let id = "0123456789abcdef01234567"
    let store = try await engine.create(deployment: id, model: model, by: nil)
    #expect(FileManager.default.fileExists(atPath: "\(directory.deployments)/\(id).marker"))
    await store.close()
    try engine.remove(deployment: id)
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.deployments) == [])
    engine.close()
  }

  @Test("keep their feed where the marker cannot be written, and are served")
  func readOnlyPlace() async throws {
    let store = try create()
    try await write(1, to: store)
    await store.close()
    // A directory where the marker is written aside.
    try run("mkdir", live + "/a.marker.new")
    let found = try open()
    #expect(found.feedID == store.feedID)
    // The end of the oplog is noted behind the answer: the second answer comes after the first note.
    try await write(2, to: found)
    await #expect(throws: StorageError.self) { try await found.tend() }
    await found.close()
    let again = try open()
    #expect(again.feedID == store.feedID)
    await again.close()
  }
}
