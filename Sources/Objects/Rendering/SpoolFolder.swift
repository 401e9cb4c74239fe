import Storage
import Synchronization
import Wire

/// Where answers go that are too large to wait in memory: into temporary files of a folder, or into memory while the
/// disk takes no file.
package struct SpoolFolder: Sendable {
  package let path: String
  package let memory: SpoolMemory

  package init(path: String, memory: SpoolMemory) {
    self.path = path
    self.memory = memory
  }
}

/// The memory that all answers together may take instead of files. What is taken is given back when the answer
/// has gone out.
package final class SpoolMemory: Sendable {
  /// In bytes.
  package let limit: Int
  private let taken = Atomic(0)
  let room = SpoolRoom()

  package init(limit: Int) { self.limit = limit }

  package var bytesTaken: Int { taken.load(ordering: .relaxed) }

  /// What one answer has taken.
  package final class Share: Sendable {
    private let memory: SpoolMemory
    private let bytes = Atomic(0)

    package init(of memory: SpoolMemory) { self.memory = memory }

    /// - Throws: `StorageError.noRoomForAnswer` where it does not fit; nothing is taken then.
    package func take(_ more: Int) throws(StorageError) {
      let now = memory.taken.add(more, ordering: .relaxed).newValue
      guard now <= memory.limit else {
        memory.taken.subtract(more, ordering: .relaxed)
        throw .noRoomForAnswer(limit: memory.limit)
      }
      bytes.add(more, ordering: .relaxed)
    }

    deinit { memory.taken.subtract(bytes.load(ordering: .relaxed), ordering: .relaxed) }
  }
}

/// Memory in which long answers gather before they go to their files, kept for the next ones. Pages that the system
/// gives anew cost such an answer more than its bytes do.
final class SpoolRoom: Sendable {
  /// What may stay in memory, and the object that goes beyond it.
  static let bytes = AnswerSpool.bytesInMemory + 64 << 10

  private struct Spares: ~Copyable {
    var first: ByteWriter?
    var second: ByteWriter?
  }

  private let spares = Mutex(Spares())

  /// Nil where none is kept.
  func take() -> ByteWriter? {
    spares.withLock { spares in spares.first.take() ?? spares.second.take() }
  }

  /// Keeps it where fewer than two are kept, and it has not grown for something large.
  func put(_ writer: consuming ByteWriter) {
    if writer.capacity != Self.bytes { return }
    writer.removeAll()
    var given = Optional(writer)
    spares.withLock { spares in
      if spares.first == nil {
        spares.first = given.take()
      } else if spares.second == nil {
        spares.second = given.take()
      }
    }
  }
}
