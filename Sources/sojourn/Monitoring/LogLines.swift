import Glibc
import Synchronization
import Threads
import Wire

/// Lines on their way to standard error: the many of requests in large pieces, the few that matter at
/// once.
///
/// 1. Lines come out whole and in the order in which they were added.
/// 2. A line that was added is written a tenth of a second later at the latest, or with the next urgent
///    one, or when 64 KiB have gathered.
/// 3. What has gathered when the process is killed is lost; how it ends by itself is said by an urgent
///    line, which takes all before it along.
final class LogLines: Sendable {
  static let mostBytes = 64 * 1024
  static let microseconds: UInt32 = 100_000

  private let gathered = Mutex(LogLines.room)
  /// Held by whoever takes what has gathered and writes it, so that nobody overtakes.
  private let writing = Mutex(())
  private let descriptor: Int32
  /// Tells the thread that writes later that there is something.
  private let hasLines = WaitingQueue<Void>(limit: 1)

  /// Nothing is ever late on a `descriptor` of a person who watches, such as a terminal: `isLate` is
  /// false there.
  init(to descriptor: Int32, isLate: Bool) {
    self.descriptor = descriptor
    guard isLate else {
      hasLines.close()
      return
    }
    // Where no thread can be had, each line is urgent.
    let later = try? OwnThread(named: "log") { [weak self, hasLines] in
      while hasLines.take(upTo: 1) != nil {
        usleep(Self.microseconds)
        self?.write()
      }
    }
    if later == nil { hasLines.close() }
  }

  deinit { hasLines.close() }

  /// Adds a line with its line break.
  func add(_ line: borrowing ByteWriter, isUrgent: Bool) {
    let (isFirst, isFull) = gathered.withLock { gathered in
      let isFirst = gathered.count == 0
      line.withBytes { gathered.append($0) }
      return (isFirst, gathered.count >= Self.mostBytes)
    }
    if isUrgent || isFull { return write() }
    guard isFirst else { return }
    do throws(QueueRefusal) {
      try hasLines.push(())
    } catch {
      // Busy: it has been told and has not begun yet. Closed: there is nobody to write later.
      if case .closed = error { write() }
    }
  }

  /// Writes what has gathered, or as much as the receiver takes.
  func write() {
    writing.withLock { _ in
      var taken = Self.room
      gathered.withLock { swap(&$0, &taken) }
      taken.withBytes { write($0) }
    }
  }

  /// For as much as gathers, and the line that goes beyond it.
  private static var room: ByteWriter { ByteWriter(capacity: mostBytes + 4096) }

  private func write(_ bytes: UnsafeRawBufferPointer) {
    var rest = bytes
    while let base = rest.baseAddress, !rest.isEmpty {
      let written = Glibc.write(descriptor, base, rest.count)
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return }
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }
}
