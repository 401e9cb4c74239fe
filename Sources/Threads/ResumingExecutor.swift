import Glibc

/// Decides where a task goes on after it waited for a storage thread: right on that thread while the
/// thread says that it has nothing better to do, else on the threads that all tasks share.
///
/// Waking another thread costs a request 30 µs on an idle machine, more than all that is left to do
/// for it then. So a reading thread offers itself always, and the writer when one small write was all
/// that waited.
package enum ResumingExecutor {
  /// What an executor of tasks does with a job. `announce` is called before a task goes on, on this thread,
  /// that will be done in a moment and that nobody else is waiting with: whoever waits for it in another
  /// thread can be woken meanwhile.
  package static func enqueue(
    _ job: consuming ExecutorJob, as executor: some TaskExecutor, announce: () -> Void
  ) {
    let job = UnownedJob(job)
    switch pthread_getspecific(offer) {
    case nil: globalConcurrentExecutor.enqueue(job)
    case let value:
      if value == Self.announcing { announce() }
      job.runSynchronously(on: executor.asUnownedTaskExecutor())
    }
  }

  private static var offered: UnsafeMutableRawPointer? { UnsafeMutableRawPointer(bitPattern: 1) }
  private static var announcing: UnsafeMutableRawPointer? { UnsafeMutableRawPointer(bitPattern: 2) }

  /// While `body` runs, tasks that it wakes go on inside it, on this thread. `isLast` says that they have
  /// little left to do.
  package static func offeringThread<Result>(isLast: Bool = false, _ body: () throws -> Result) rethrows -> Result {
    pthread_setspecific(offer, isLast ? announcing : offered)
    defer { pthread_setspecific(offer, nil) }
    return try body()
  }
}

/// Not null on a thread that offers itself.
private let offer: pthread_key_t = {
  var key = pthread_key_t()
  pthread_key_create(&key, nil)
  return key
}()
