import Glibc
import Synchronization

/// Counters that any thread raises without a lock and without waiting for another: the cost on a request's
/// way is one addition to memory that its thread has mostly to itself.
///
/// `@unchecked Sendable` is safe: the memory is made in `init`, freed in `deinit`, and holds atomics alone.
package final class CounterBank: @unchecked Sendable {
  package let count: Int
  private let cells: UnsafeMutablePointer<Atomic<UInt64>>
  /// Cells of one shard: whole cache lines, so that two shards never share one.
  private let stride: Int

  private static let shardBits: UInt64 = 2
  private static let cellsInLine = 8

  /// `count` counters that begin at 0.
  package init(_ count: Int) {
    precondition(count > 0, "a bank without counters counts nothing")
    self.count = count
    stride = (count + Self.cellsInLine - 1) / Self.cellsInLine * Self.cellsInLine
    let total = stride << Self.shardBits
    cells = .allocate(capacity: total)
    for index in 0..<total { (cells + index).initialize(to: Atomic(0)) }
  }

  deinit {
    cells.deinitialize(count: stride << Self.shardBits)
    cells.deallocate()
  }

  package func add(_ amount: UInt64, to index: Int) {
    guard index >= 0, index < count else { return }
    cells[Self.shard &* stride &+ index].wrappingAdd(amount, ordering: .relaxed)
  }

  /// What was added so far. Additions that run at the same moment may be in it or not.
  package func value(_ index: Int) -> UInt64 {
    guard index >= 0, index < count else { return 0 }
    var sum: UInt64 = 0
    for shard in 0..<(1 << Int(Self.shardBits)) {
      sum &+= cells[shard * stride + index].load(ordering: .relaxed)
    }
    return sum
  }

  /// Threads lie pages apart; the product spreads them over the shards.
  private static var shard: Int {
    let spread = (UInt64(pthread_self()) >> 12) &* 0x9e37_79b9_7f4a_7c15
    return Int(truncatingIfNeeded: spread >> (64 - shardBits))
  }
}
