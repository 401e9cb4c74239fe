import Foundation
import Testing

@testable import StorageSQLite

@Suite("The log")
struct CheckpointerTests {
  private let folder: TemporaryDirectory
  private var path: String { folder.path + "/a.db" }

  init() throws { folder = try TemporaryDirectory() }

  private func checkpointer() -> Checkpointer {
    Checkpointer(
      readers: ReaderPool(path: path, kept: 0, cacheKiB: 256, commits: CommitCount()), mover: LogMover(path: path))
  }

  private func logBytes() throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path + "-wal")
    return try #require(attributes[.size] as? Int)
  }

  @Test("grows past its bound only while a reader needs it, and is cut to nothing then")
  func truncation() throws {
    let writer = try Connection(path: path, role: .writer, cacheKiB: 256, create: true)
    let checkpointer = checkpointer()
    checkpointer.watch(writer)
    try writer.run("CREATE TABLE t (a BLOB)")
    let reader = try Connection(path: path, role: .reader, cacheKiB: 256)
    try reader.run("BEGIN; SELECT count(*) FROM t")

    try writer.run("INSERT INTO t VALUES (zeroblob(70 << 20))")
    checkpointer.moveIfDue(writer)
    #expect(try logBytes() > 70 << 20)

    try reader.run("COMMIT")
    try writer.run("INSERT INTO t VALUES (1)")
    checkpointer.moveIfDue(writer)
    #expect(try logBytes() == 0)
  }

  @Test("begins again at its start when its pages have been moved")
  func reuse() throws {
    let writer = try Connection(path: path, role: .writer, cacheKiB: 256, create: true)
    let checkpointer = checkpointer()
    checkpointer.watch(writer)
    try writer.run("CREATE TABLE t (a BLOB)")
    for _ in 0..<40 {
      try writer.run("INSERT INTO t VALUES (zeroblob(1 << 20))")
      checkpointer.moveIfDue(writer)
    }
    // The bound of the rule, and the transaction that reached it.
    #expect(try logBytes() < (Int(LogMovingRule.most) * 4200) + (2 << 20))
  }
}
