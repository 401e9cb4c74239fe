import CSQLite
import Foundation
import Synchronization
import Testing
import Threads

@testable import StorageSQLite

@Suite("A mover beside the writer")
struct LogMoverTests {
  private let folder: TemporaryDirectory
  private var path: String { folder.path + "/a.db" }

  init() throws { folder = try TemporaryDirectory() }

  private func rows(in path: String) throws -> Int64 {
    let connection = try Connection(path: path, role: .reader, cacheKiB: 256)
    let statement = try Statement("SELECT count(*) FROM t", on: connection)
    return try statement.step() ? statement.integer(0) : -1
  }

  /// The log's length after so many commits of some fifty pages each.
  private func logBytes(
    afterWriting commits: Int, beside mover: LogMover, afterEach: () -> Void = {}
  ) throws -> Int {
    let writer = try Connection(path: path, role: .writer, cacheKiB: 256, create: true)
    let checkpointer = Checkpointer(
      readers: ReaderPool(path: path, kept: 0, cacheKiB: 256, commits: CommitCount()), mover: mover)
    checkpointer.watch(writer)
    try writer.run("CREATE TABLE t (n INTEGER PRIMARY KEY, a BLOB)")
    for _ in 0..<commits {
      try writer.run("INSERT INTO t (a) VALUES (zeroblob(200000))")
      checkpointer.moveIfDue(writer)
      afterEach()
    }
    return try #require(
      try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int)
  }

  @Test("moves what is committed and no reader needs, and says how far it came")
  func pass() async throws {
    let writer = try Connection(path: path, role: .writer, cacheKiB: 256, create: true)
    try writer.run("CREATE TABLE t (n INTEGER PRIMARY KEY, a BLOB)")
    let mover = LogMover(path: path)
    #expect(mover.movedPages == 0)
    for _ in 0..<200 { try writer.run("INSERT INTO t (a) VALUES (zeroblob(3000))") }
    let reader = try Connection(path: path, role: .reader, cacheKiB: 256)
    try reader.run("BEGIN; SELECT count(*) FROM t")
    // The writer is in the middle of the next ones.
    try writer.run("BEGIN IMMEDIATE")
    for _ in 0..<50 { try writer.run("INSERT INTO t (a) VALUES (zeroblob(3000))") }
    mover.pass()
    #expect(mover.movedPages == 0, "nobody asked for it")
    mover.begin()
    mover.pausing {}
    mover.pass()
    #expect(mover.movedPages == 0, "it was called off")
    mover.begin()
    #expect(mover.isWanted)
    mover.pass()
    #expect(!mover.isWanted)
    let moved = mover.movedPages
    #expect(moved > 200)
    // The file alone holds what was committed before.
    try FileManager.default.copyItem(atPath: path, toPath: path + ".copy")
    #expect(try rows(in: path + ".copy") == 200)
    try writer.run("COMMIT")
    mover.begin()
    mover.pass()
    #expect(mover.movedPages == moved, "a reader is still where it was")
    try reader.run("COMMIT")
    mover.begin()
    mover.pass()
    #expect(mover.movedPages > moved)
    mover.pausing {}
    #expect(mover.movedPages == 0)
    #expect(try rows(in: path) == 250)
    await mover.close()
  }

  @Test("writes on while pages are moved, and loses nothing")
  func beside() async throws {
    let threads = try LoopThreads(count: 1, named: "mover")
    defer { threads.close() }
    let mover = LogMover(path: path, on: threads)
    let bytes = try logBytes(afterWriting: 400, beside: mover)
    // It began again in time, though the writer never rested.
    #expect(bytes < (Int(LogMovingRule.most) + 200) * 4200)
    await mover.close()
    #expect(try rows(in: path) == 400)
    let reader = try Connection(path: path, role: .reader, cacheKiB: 256)
    let check = try Statement("PRAGMA integrity_check", on: reader)
    #expect(try check.step() && check.text(0) == "ok")
  }

  @Test("is not waited for where it could not be started: the writer moves all in time")
  func alone() throws {
    let bytes = try logBytes(afterWriting: 400, beside: LogMover(path: path))
    #expect(bytes < (Int(LogMovingRule.mostWaiting) + 200) * 4200)
    #expect(try rows(in: path) == 400)
  }

  @Test("lets the log begin again by itself where the writer rests, and counts anew then")
  func resting() async throws {
    let threads = try LoopThreads(count: 1, named: "mover")
    defer { threads.close() }
    let mover = LogMover(path: path, on: threads)
    let bytes = try logBytes(afterWriting: 300, beside: mover) { while mover.isWanted { usleep(200) } }
    #expect(bytes < (Int(LogMovingRule.resting) + 200) * 4200)
    await mover.close()
    #expect(try rows(in: path) == 300)
  }

  @Test("syncs the file through a handle that SQLite has")
  func sync() throws {
    let writer = try Connection(path: path, role: .writer, cacheKiB: 256, create: true)
    try writer.run("CREATE TABLE t (a BLOB)")
    #expect(writer.syncFile() == SQLITE_OK)
  }

  @Test("ends the process when the disk did not take what was moved, and for no other failure")
  func failedSync() {
    let ends = Mutex<[String]>([])
    let failedSync = FailedSync { path in ends.withLock { $0.append(path) } }
    for code in [SQLITE_OK, SQLITE_BUSY, SQLITE_FULL, SQLITE_IOERR, SQLITE_IOERR | (3 << 8)] {
      failedSync.note(code, at: "/some/path")
    }
    #expect(ends.withLock { $0 } == [])
    failedSync.note(SQLITE_IOERR | (4 << 8), at: "/some/path")
    #expect(ends.withLock { $0 } == ["/some/path"])
  }
}
