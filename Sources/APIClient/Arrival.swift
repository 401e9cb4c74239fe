import Glibc
import Synchronization

/// What one thread waits for and another one brings.
///
/// `@unchecked Sendable` is safe: the result is written before the semaphore is raised and read after
/// it was lowered.
final class Arrival: @unchecked Sendable {
  private var result: Result<APIResponse, TransferFailure> = .failure(TransferFailure(.other, "no answer"))
  private let semaphore: UnsafeMutablePointer<sem_t>

  init() {
    semaphore = .allocate(capacity: 1)
    sem_init(semaphore, 0, 0)
  }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  func put(_ result: Result<APIResponse, TransferFailure>) {
    self.result = result
    sem_post(semaphore)
  }

  func wait() -> Result<APIResponse, TransferFailure> {
    // A signal may interrupt the wait.
    while sem_wait(semaphore) != 0, errno == EINTR {}
    return result
  }
}
