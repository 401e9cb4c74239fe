import CCurl
import Glibc
import Synchronization

/// The thread that drives all transfers of a client through libcurl's multi interface.
///
/// Only the thread itself touches `multi`'s transfers; others hand over transfers and wake it.
///
/// `@unchecked Sendable` is safe: `multi` never changes, `curl_multi_wakeup` may be called from any
/// thread, and what is handed over stands under a lock.
final class TransferLoop: @unchecked Sendable {
  private struct Inbox {
    var transfers: [Transfer] = []
    var isStopped = false
  }

  private let multi: OpaqueMulti
  private let inbox = Mutex(Inbox())

  typealias OpaqueMulti = UnsafeMutableRawPointer

  /// libcurl's global set-up, once a process.
  private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  private init(multi: OpaqueMulti) { self.multi = multi }

  deinit { curl_multi_cleanup(multi) }

  /// Starts the thread. It ends after `stop`, when the last transfer is finished.
  static func start() throws(TransferFailure) -> TransferLoop {
    guard isReady, let multi = curl_multi_init() else {
      throw TransferFailure(.other, "libcurl cannot be set up")
    }
    let loop = TransferLoop(multi: multi)
    var thread = pthread_t()
    let context = Unmanaged.passRetained(loop)
    let code = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<TransferLoop>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, context.toOpaque())
    guard code == 0 else {
      context.release()
      throw TransferFailure(.other, "no thread can be started: \(String(cString: strerror(code)))")
    }
    pthread_detach(thread)
    return loop
  }

  func submit(_ transfer: Transfer) {
    inbox.withLock { $0.transfers.append(transfer) }
    curl_multi_wakeup(multi)
  }

  func stop() {
    inbox.withLock { $0.isStopped = true }
    curl_multi_wakeup(multi)
  }

  private func run() {
    var running: [UnsafeMutableRawPointer: Transfer] = [:]
    var idle: [UnsafeMutableRawPointer] = []
    defer { for handle in idle { curl_easy_cleanup(handle) } }
    while true {
      let (fresh, isStopped) = inbox.withLock { inbox in
        defer { inbox.transfers.removeAll(keepingCapacity: true) }
        return (inbox.transfers, inbox.isStopped)
      }
      for transfer in fresh {
        guard let handle = idle.popLast() ?? curl_easy_init() else {
          transfer.finish(.failure(TransferFailure(.other, "libcurl has no memory for a transfer")))
          continue
        }
        guard transfer.prepare(handle), curl_multi_add_handle(multi, handle) == CURLM_OK else {
          transfer.finish(.failure(TransferFailure(.other, "libcurl does not take the request")))
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
        if idle.count < 16 { idle.append(handle) } else { curl_easy_cleanup(handle) }
      }
      if running.isEmpty, isStopped { return }
      // Returns at once when something was handed over meanwhile: wake-ups are not lost.
      curl_multi_poll(multi, nil, 0, 1000, nil)
    }
  }
}
