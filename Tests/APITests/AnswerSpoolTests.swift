import Glibc
import Objects
import Storage
import Testing
import Wire

@Suite("A large answer while the disk takes no file")
struct AnswerSpoolTests {
  private static let nowhere = "/nowhere/at/all"

  /// An answer of this many bytes, all of them the digits of their position.
  private static func answer(of count: Int, in folder: SpoolFolder) throws -> RenderedAnswer {
    var spool = AnswerSpool(folder)
    while spool.length < count {
      spool.writer.append(integer: Int64(spool.length))
      spool.writer.append(",")
      try spool.settle()
    }
    return try spool.finish()
  }

  private static func bytes(_ answer: RenderedAnswer) throws -> [UInt8] {
    switch answer {
    case .memory(let block): return Array(block.bytes)
    case .file(let descriptor, let length):
      var bytes = [UInt8](repeating: 0, count: length)
      var offset = 0
      while offset < length {
        let count = pread(descriptor.number, &bytes[offset], length - offset, off_t(offset))
        try #require(count > 0)
        offset += count
      }
      return bytes
    }
  }

  @Test("goes on in memory, and is the same to the last byte")
  func same() throws {
    let memory = SpoolMemory(limit: 8 << 20)
    let onDisk = try Self.bytes(Self.answer(of: 3 << 20, in: SpoolFolder(path: "/tmp", memory: memory)))
    #expect(memory.bytesTaken == 0)
    do {
      let answer = try Self.answer(of: 3 << 20, in: SpoolFolder(path: Self.nowhere, memory: memory))
      #expect(memory.bytesTaken == onDisk.count)
      #expect(try Self.bytes(answer) == onDisk)
      withExtendedLifetime(answer) {}
    }
    // Given back when the answer is gone.
    #expect(memory.bytesTaken == 0)
    let small = try Self.answer(of: 1000, in: SpoolFolder(path: Self.nowhere, memory: memory))
    guard case .memory = small else {
      Issue.record("a small answer needs no file")
      return
    }
  }

  @Test("is refused where the memory of all answers together does not suffice, and leaves room to others")
  func bounded() throws {
    let memory = SpoolMemory(limit: 4 << 20)
    let folder = SpoolFolder(path: Self.nowhere, memory: memory)
    let first = try Self.answer(of: 3 << 20, in: folder)
    #expect(throws: StorageError.noRoomForAnswer(limit: 4 << 20)) { try Self.answer(of: 3 << 20, in: folder) }
    let taken = memory.bytesTaken
    #expect(taken > 3 << 20 && taken <= 4 << 20)
    _ = try Self.answer(of: 1 << 19, in: folder)
    #expect(memory.bytesTaken == taken)
    withExtendedLifetime(first) {}
  }
}
