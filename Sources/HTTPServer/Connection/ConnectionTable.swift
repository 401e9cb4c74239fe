import CMicrohttpd
import Glibc
import Synchronization
import Wire

/// All open connections.
///
/// A connection is in the table exactly while its descriptor is open: libmicrohttpd says so before it
/// closes one, and taking it out needs the lock. So a descriptor touched under the lock is never one that
/// the system has given to somebody else meanwhile.
final class ConnectionTable: Sendable {
  private struct Entry {
    let connection: Connection
    var deadline: ConnectionDeadline
    var quiet = ConnectionQuiet()
  }

  private struct Entries {
    var all: [ObjectIdentifier: Entry] = [:]
    var perAddress: [NetworkAddress: Int] = [:]
  }

  private let entries = Mutex(Entries())

  /// False where the peer has too many connections already; it is entered all the same.
  func insert(_ connection: Connection, now: Int64, perAddress limit: Int) -> Bool {
    entries.withLock { entries in
      entries.all[ObjectIdentifier(connection)] = Entry(
        connection: connection, deadline: ConnectionDeadline(opened: now))
      guard limit > 0, let peer = connection.peer.address else { return true }
      let count = entries.perAddress[peer, default: 0] + 1
      entries.perAddress[peer] = count
      return count <= limit
    }
  }

  func remove(_ connection: Connection) {
    entries.withLock { entries in
      entries.all[ObjectIdentifier(connection)] = nil
      guard let peer = connection.peer.address, let count = entries.perAddress[peer] else { return }
      entries.perAddress[peer] = count > 1 ? count - 1 : nil
    }
  }

  var count: Int { entries.withLock { $0.all.count } }

  /// Cuts the connections that are over by the rules of `ConnectionDeadline`.
  func enforce(now: Int64, limits: TransportLimits) {
    entries.withLock { entries in
      for index in entries.all.values.indices {
        let connection = entries.all.values[index].connection
        let observation = connection.observe()
        if entries.all.values[index].deadline.isOver(now, observation, limits: limits) {
          Glibc.shutdown(connection.descriptor, Int32(SHUT_RDWR))
        }
      }
    }
  }

  /// Lets connections without a request read no further, and counts those that it leaves.
  ///
  /// Only what has been quiet for a while is without a request: libmicrohttpd may have read one a moment
  /// ago and not have said so, or it may lie in the socket. And a connection that reads no further while
  /// its answer is being made would lose that answer: libmicrohttpd looks at the socket before sending it.
  func closeIdle(now: Int64) -> Int {
    entries.withLock { entries in
      var left = 0
      for index in entries.all.values.indices {
        let connection = entries.all.values[index].connection
        let isQuiet = entries.all.values[index].quiet.isQuiet(
          now, connection.observe(), connection.incoming)
        if isQuiet { Glibc.shutdown(connection.descriptor, Int32(SHUT_RD)) } else { left += 1 }
      }
      return left
    }
  }

  /// The exchanges whose connections are suspended.
  func waiting() -> [Exchange] {
    entries.withLock { entries in entries.all.values.compactMap { $0.connection.waiting }.filter(\.isHeld) }
  }
}
