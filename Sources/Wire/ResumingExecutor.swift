import Glibc

/// Decides where a task goes on after it waited for a storage thread: right on that thread while the
/// thread says that it has nothing better to do, else on the threads that all tasks share.
///
/// Waking another thread costs a request 30 µs on an idle machine, more than all that is left to do
/// for it then. So a reading thread offers itself always, and the writer when one small write was all
/// that waited.
package final class ResumingExecutor: TaskExecutor {
  package static let shared = ResumingExecutor()

  private init() {}

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if pthread_getspecific(offer) != nil {
      job.runSynchronously(on: asUnownedTaskExecutor())
    } else {
      globalConcurrentExecutor.enqueue(job)
    }
  }

  /// While `body` runs, tasks that it wakes go on inside it, on this thread.
  package static func offeringThread<Result>(_ body: () throws -> Result) rethrows -> Result {
    pthread_setspecific(offer, UnsafeRawPointer(bitPattern: 1))
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
