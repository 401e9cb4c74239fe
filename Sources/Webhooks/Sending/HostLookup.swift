import Glibc
import Storage
import Synchronization
import Threads
import Wire

/// Finds the addresses of hosts.
package protocol HostLookup: Sendable {
  /// In the order in which they should be tried.
  /// - Throws: `LookupFault`.
  func addresses(of host: String) async throws(LookupFault) -> [NetworkAddress]
}

package struct LookupFault: Error, Sendable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

/// The system's own look-up, on threads of its own, since it blocks: as long as it likes, while nobody waits
/// longer than `patience`.
package final class SystemLookup: HostLookup {
  private let threads: BlockingThreads

  private static let patience = Duration.seconds(5)

  package init() throws {
    threads = try BlockingThreads.forStorage(count: 4, waiting: 256)
  }

  package func addresses(of host: String) async throws(LookupFault) -> [NetworkAddress] {
    // All spellings of literal addresses, such as 0x7f.1, are read here and not asked of anybody.
    if let literal = Self.found(host, AI_NUMERICHOST).success { return literal }
    let answer = FirstAnswer()
    let threads = threads
    Task {
      do {
        answer.give(try await threads.run { Self.found(host, AI_ADDRCONFIG) })
      } catch {
        answer.give(.failure(LookupFault("too many look-ups of names wait")))
      }
    }
    let timer = Task {
      try? await Task.sleep(for: Self.patience)
      answer.give(.failure(LookupFault("the look-up of \"\(CutText.cut(host))\" took longer than 5 seconds")))
    }
    defer { timer.cancel() }
    return try await answer.wait().get()
  }

  private static func found(_ host: String, _ flags: Int32) -> Result<[NetworkAddress], LookupFault> {
    var hints = addrinfo()
    hints.ai_flags = flags
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, nil, &hints, &list)
    guard status == 0 else {
      return .failure(LookupFault("\"\(CutText.cut(host))\" is not found: \(String(cString: gai_strerror(status)))"))
    }
    defer { freeaddrinfo(list) }
    var addresses: [NetworkAddress] = []
    var entry = list
    while let present = entry {
      if let address = present.pointee.ai_addr.flatMap({ NetworkAddress($0) }), !addresses.contains(address) {
        addresses.append(address)
      }
      entry = present.pointee.ai_next
    }
    return addresses.isEmpty
      ? .failure(LookupFault("\"\(CutText.cut(host))\" has no address")) : .success(addresses)
  }

  /// The first of several answers.
  private final class FirstAnswer: Sendable {
    private struct State {
      var answer: Result<[NetworkAddress], LookupFault>?
      var waiting: CheckedContinuation<Result<[NetworkAddress], LookupFault>, Never>?
    }

    private let state = Mutex(State())

    func give(_ answer: Result<[NetworkAddress], LookupFault>) {
      let waiting = state.withLock { state -> CheckedContinuation<Result<[NetworkAddress], LookupFault>, Never>? in
        guard state.answer == nil else { return nil }
        state.answer = answer
        return state.waiting.take()
      }
      waiting?.resume(returning: answer)
    }

    func wait() async -> Result<[NetworkAddress], LookupFault> {
      await withCheckedContinuation { continuation in
        let answer = state.withLock { state -> Result<[NetworkAddress], LookupFault>? in
          if state.answer == nil { state.waiting = continuation }
          return state.answer
        }
        if let answer { continuation.resume(returning: answer) }
      }
    }
  }
}

extension Result {
  fileprivate var success: Success? { try? get() }
}
