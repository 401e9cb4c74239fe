import CRecordingFiles
import CSQLite
import CSQLiteLog
import Foundation
import Testing

@testable import StorageSQLite

/// SQLite's own files lie beneath, which keep a record and can be full.
@Suite("A log whose writes gather", .serialized)
struct LogFilesTests {
  private let folder: TemporaryDirectory
  private var path: String { folder.path + "/a.db" }

  private static let isRegistered =
    sojourn_log_files_register("gathering-log", recording_files_register()) == SQLITE_OK

  init() throws {
    folder = try TemporaryDirectory()
    try #require(Self.isRegistered)
    recording_begin(-1)
  }

  /// A handle on the file: `files` is how they are opened, nil for SQLite's own way.
  private final class Handle {
    private var pointer: OpaquePointer?

    init(_ path: String, files: String?) throws {
      let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      try #require(sqlite3_open_v2(path, &pointer, flags, files) == SQLITE_OK)
      try #require(run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0") == SQLITE_OK)
    }

    deinit { sqlite3_close_v2(pointer) }

    @discardableResult
    func run(_ sql: String) -> Int32 { sqlite3_exec(pointer, sql, nil, nil, nil) }

    func text(_ sql: String) throws -> String {
      var statement: OpaquePointer?
      defer { sqlite3_finalize(statement) }
      try #require(sqlite3_prepare_v2(pointer, sql, -1, &statement, nil) == SQLITE_OK)
      try #require(sqlite3_step(statement) == SQLITE_ROW)
      return sqlite3_column_text(statement, 0).map { String(cString: $0) } ?? ""
    }
  }

  private func gathering() throws -> Handle { try Handle(path, files: "gathering-log") }

  /// What another process would find if this one were gone now.
  private func afterACrash() throws -> Handle {
    let copy = folder.path + "/copy-\(UUID().uuidString)"
    for suffix in ["", "-wal"] { try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix) }
    return try Handle(copy, files: nil)
  }

  private let sum = "SELECT count(*) || ' ' || coalesce(sum(n), 0) || ' ' || coalesce(sum(length(a)), 0) FROM t"

  @Test("gives the kernel a commit in large pieces, all before it is synced and answered")
  func pieces() throws {
    let writer = try gathering()
    let reader = try Handle(path, files: nil)
    writer.run("CREATE TABLE t (n INTEGER PRIMARY KEY, a BLOB)")
    for round in 1...20 {
      recording_begin(-1)
      #expect(writer.run("BEGIN") == SQLITE_OK)
      for index in 0..<200 {
        #expect(writer.run("INSERT INTO t VALUES (\(round * 1000 + index), randomblob(3000))") == SQLITE_OK)
      }
      #expect(try reader.text(sum).hasPrefix("\((round - 1) * 200) "))
      #expect(writer.run("COMMIT") == SQLITE_OK)
      let record = recording_now()
      // 200 pages and more, each in two calls of SQLite's.
      #expect((1...20).contains(record.writes))
      #expect(record.largest < 1 << 17)
      #expect(record.syncs >= 1)
      let expected = try writer.text(sum)
      #expect(expected.hasPrefix("\(round * 200) "))
      #expect(try reader.text(sum) == expected)
      #expect(try afterACrash().text(sum) == expected)
      if round % 7 == 0 { #expect(writer.run("PRAGMA wal_checkpoint(PASSIVE)") == SQLITE_OK) }
    }
    #expect(try afterACrash().text("PRAGMA integrity_check") == "ok")
  }

  /// Not both at once: with both, SQLite itself writes logs that it cannot read again.
  @Test("changes nothing, also where the cache is too small, or parts are taken back", arguments: [true, false])
  func sameness(hasSavepoints: Bool) throws {
    let writer = try gathering()
    let model = try Handle(folder.path + "/b.db", files: nil)
    var random = SystemRandomNumberGenerator()
    for handle in [writer, model] {
      if hasSavepoints { handle.run("PRAGMA cache_spill=OFF") }
      handle.run("PRAGMA cache_size=8; CREATE TABLE t (n INTEGER PRIMARY KEY, a BLOB); CREATE INDEX i ON t (a)")
    }
    for round in 0..<60 {
      var statements = ["BEGIN"]
      for index in 0..<Int.random(in: 1...40, using: &random) {
        let number = Int.random(in: 0..<400, using: &random)
        if hasSavepoints, index % 9 == 4 { statements.append("SAVEPOINT s") }
        statements.append(
          number % 3 == 0
            ? "DELETE FROM t WHERE n = \(number)" : "REPLACE INTO t VALUES (\(number), zeroblob(\(number * 20)))")
        if hasSavepoints, index % 9 == 8 { statements.append(number % 2 == 0 ? "ROLLBACK TO s" : "RELEASE s") }
      }
      statements.append(round % 5 == 4 ? "ROLLBACK" : "COMMIT")
      if round % 11 == 10 { statements.append("PRAGMA wal_checkpoint(TRUNCATE)") }
      for sql in statements { #expect(writer.run(sql) == model.run(sql)) }
      #expect(try writer.text(sum) == model.text(sum))
      #expect(try afterACrash().text(sum) == model.text(sum))
    }
    #expect(try afterACrash().text("PRAGMA integrity_check") == "ok")
  }

  @Test("that the disk has no room for fails the commit and leaves no trace", arguments: [8, 2000])
  func full(cachePages: Int) throws {
    for room in [0, 10, 32, 5000, 130_000, 262_144, 400_000] as [Int64] {
      let writer = try gathering()
      writer.run("PRAGMA cache_size=\(cachePages); CREATE TABLE IF NOT EXISTS t (n INTEGER PRIMARY KEY, a BLOB)")
      #expect(writer.run("INSERT INTO t (a) VALUES ('kept')") == SQLITE_OK)
      let before = try writer.text(sum)
      recording_begin(room)
      var code = writer.run("BEGIN")
      // With a small cache the disk is full long before the commit.
      for _ in 0..<200 where code == SQLITE_OK { code = writer.run("INSERT INTO t (a) VALUES (randomblob(3000))") }
      if code == SQLITE_OK { code = writer.run("COMMIT") }
      #expect(code == SQLITE_FULL)
      writer.run("ROLLBACK")
      recording_begin(-1)
      #expect(try Handle(path, files: nil).text(sum) == before)
      #expect(try afterACrash().text(sum) == before)
      let next = try gathering()
      #expect(next.run("INSERT INTO t (a) VALUES ('next')") == SQLITE_OK)
      #expect(try afterACrash().text("PRAGMA integrity_check") == "ok")
    }
  }
}
