import CCurl
import Synchronization
import Threads
import Wire

/// One request on its way through a `TransferLoop`, which calls everything here on its own thread.
package protocol CurlTransfer: AnyObject, Sendable {
  /// Sets the handle up; false when libcurl refuses an option. The transfer is kept until it is finished.
  func prepare(_ handle: UnsafeMutableRawPointer) -> Bool
  /// The transfer ended with this code.
  func finish(_ handle: UnsafeMutableRawPointer, _ code: CURLcode)
  /// The transfer never began; the words say why.
  func fail(_ reason: String)
}

/// A thread that drives any number of transfers through libcurl's multi interface, over connections that
/// are kept alive.
///
/// Only the thread itself touches `multi`'s transfers; others hand over transfers and wake it.
///
/// `@unchecked Sendable` is safe: `multi` never changes, `curl_multi_wakeup` may be called from any
/// thread, and what is handed over stands under a lock.
package final class TransferLoop: @unchecked Sendable {
  private struct Inbox {
    var transfers: [any CurlTransfer] = []
    var isStopped = false
  }

  /// Why there can be no loop.
  package struct Fault: Error, CustomStringConvertible {
    package let description: String
  }

  private let multi: UnsafeMutableRawPointer
  private let inbox = Mutex(Inbox())

  /// Handles that are kept for the next transfer.
  private static let mostIdle = 64

  /// libcurl's global set-up, once a process.
  private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  private init(multi: UnsafeMutableRawPointer) { self.multi = multi }

  deinit { curl_multi_cleanup(multi) }

  /// Starts the thread. It ends after `stop`, when the last transfer is finished. `connections` bounds
  /// those that are kept open while they rest; nil is libcurl's own rule.
  /// `givesWay` leaves the processor to other threads.
  package static func start(
    named name: String, connections: Int? = nil, givesWay: Bool = false
  ) throws(Fault) -> TransferLoop {
    guard isReady, let multi = curl_multi_init() else { throw Fault(description: "libcurl cannot be set up") }
    if let connections { _ = ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, connections) }
    let loop = TransferLoop(multi: multi)
    do {
      _ = try OwnThread(named: name) {
        if givesWay { OwnThread.giveWay() }
        loop.run()
      }
    } catch {
      throw Fault(description: error.description)
    }
    return loop
  }

  package func submit(_ transfer: any CurlTransfer) {
    inbox.withLock { $0.transfers.append(transfer) }
    curl_multi_wakeup(multi)
  }

  package func stop() {
    inbox.withLock { $0.isStopped = true }
    curl_multi_wakeup(multi)
  }

  private func run() {
    var running: [UnsafeMutableRawPointer: any CurlTransfer] = [:]
    var idle: [UnsafeMutableRawPointer] = []
    defer { for handle in idle { curl_easy_cleanup(handle) } }
    while true {
      let (fresh, isStopped) = inbox.withLock { inbox in
        defer { inbox.transfers.removeAll(keepingCapacity: true) }
        return (inbox.transfers, inbox.isStopped)
      }
      for transfer in fresh {
        guard let handle = idle.popLast() ?? curl_easy_init() else {
          transfer.fail("libcurl has no memory for a transfer")
          continue
        }
        guard transfer.prepare(handle), curl_multi_add_handle(multi, handle) == CURLM_OK else {
          transfer.fail("libcurl does not take the request")
          curl_easy_cleanup(handle)
          continue
        }
        running[handle] = transfer
      }
      var count: Int32 = 0
      curl_multi_perform(multi, &count)
      var code = CURLE_OK
      while let handle = ccurl_next_finished(multi, &code) {
        curl_multi_remove_handle(multi, handle)
        running.removeValue(forKey: handle)?.finish(handle, code)
        // The connection stays in the multi handle's cache; the rest of the handle is made new.
        curl_easy_reset(handle)
        if idle.count < Self.mostIdle { idle.append(handle) } else { curl_easy_cleanup(handle) }
      }
      if running.isEmpty, isStopped { return }
      // Returns at once when something was handed over meanwhile: wake-ups are not lost.
      curl_multi_poll(multi, nil, 0, 1000, nil)
    }
  }
}
