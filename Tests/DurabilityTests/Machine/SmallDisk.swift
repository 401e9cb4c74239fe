import Glibc
import ServerUnderTest

/// A file system of a few megabytes in memory, for tests that fill it. Mounting takes root.
final class SmallDisk {
  let path: String

  /// Nil, with the reason printed, where mounting is not allowed.
  init?(at path: String, megabytes: Int) {
    self.path = path
    guard mkdir(path, 0o700) == 0, mount("none", path, "tmpfs", 0, "size=\(megabytes)m") == 0 else {
      print(
        "Skipped on a small file system: mounting one at \(path) failed: \(String(cString: strerror(errno)))")
      rmdir(path)
      isMounted = false
      return nil
    }
    isMounted = true
  }

  private let isMounted: Bool

  /// Takes `megabytes` away, until `removeBallast`.
  func addBallast(megabytes: Int) throws {
    let descriptor = open(path + "/ballast", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    defer { close(descriptor) }
    guard posix_fallocate(descriptor, 0, megabytes << 20) == 0 else {
      throw TestFault("no room for the ballast")
    }
  }

  func removeBallast() { unlink(path + "/ballast") }

  deinit { if isMounted { umount2(path, Int32(MNT_DETACH)) } }
}
