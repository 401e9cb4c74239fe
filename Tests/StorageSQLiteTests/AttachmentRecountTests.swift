import CSQLite
import Crypto
import DataModel
import Storage
import Testing
import Wire

@testable import StorageSQLite

@Suite("Counts of attachments that were damaged")
struct AttachmentRecountTests {
  private static let schema = """
    <data-model><model name="crate" label="Crate"><field name="photo" label="Photo" type="photo"/>
    <display>Crate</display></model></data-model>
    """

  /// What a person or a failing disk did to the file, and what is found to be wrong.
  private static let damages: [(sql: String, links: [Int64?], blobs: [Int64?])] = [
    ("UPDATE attachments SET links = 7", [7], []),
    ("UPDATE attachments SET links = 0, unlinked_since = 5", [0], []),
    ("UPDATE attachments SET unlinked_since = 5", [1], []),
    ("UPDATE blobs SET attachments = 0, unneeded_since = 5", [], [0]),
    ("UPDATE blobs SET attachments = 9", [], [9]),
    ("DELETE FROM blobs", [], [nil]),
    ("DELETE FROM attachments", [nil], [1]),
    ("UPDATE m1 SET c1 = NULL", [1], []),
    ("UPDATE attachments SET links = 3; UPDATE blobs SET attachments = 4", [3], [4]),
  ]

  @Test("are found and mended", arguments: damages.indices)
  func damaged(index: Int) async throws {
    let damage = Self.damages[index]
    let bed = try SQLiteBed()
    let clock = ManualClock(milliseconds: 1_767_225_600_000)
    let model = try #require(DataModelReader.read(Array(Self.schema.utf8)).model)
    let made = try bed.create(model, clock: clock, options: SQLiteBed.options)
    let new = NewAttachment(
      id: ObjectID(high: 1, low: 1), hash: ContentHash(of: [1]), size: 1, traits: 0, fileName: nil)
    let crate = made.dataModel.models[0]
    _ = try await made.write(
      WritePlan(
        steps: [.create(crate, ObjectID(high: 1, low: 2), [.id(new.id)])], origin: "password",
        attachments: [new.id: new]))
    await made.close()
    try Self.run(damage.sql, on: bed.path)

    let store = try bed.reopen(clock: clock, options: SQLiteBed.options)
    let found = try await store.recount(most: 10)
    #expect(found.links.map(\.noted) == damage.links && found.blobs.map(\.noted) == damage.blobs, "\(damage.sql)")
    #expect(found.links.allSatisfy { $0.name == new.id } && found.blobs.allSatisfy { $0.name == new.hash })
    #expect(try await store.recount(most: 0).isClean, "no more are named than are asked for")
    try await store.mendCounts(at: 1_767_225_600)
    #expect(try await store.recount(most: 10).isClean, "\(damage.sql)")
    // What is linked stays, what nothing links goes a day from now and not before.
    let isLinked = damage.sql != "UPDATE m1 SET c1 = NULL"
    #expect(try await store.sweepAttachments(unlinkedBefore: 1_767_225_600, most: 10) == 0)
    #expect(try await store.sweepAttachments(unlinkedBefore: 1_767_225_601, most: 10) == (isLinked ? 0 : 1))
    await store.close()
  }

  private static func run(_ sql: String, on path: String) throws {
    var handle: OpaquePointer?
    defer { sqlite3_close(handle) }
    #expect(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK)
    #expect(sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK, "\(String(cString: sqlite3_errmsg(handle)))")
  }
}
