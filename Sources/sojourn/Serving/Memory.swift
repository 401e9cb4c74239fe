import CMalloc
import Glibc

/// How the process uses the C library.
enum Memory {
  /// glibc keeps an arena for each thread and gives little of it back; a few arenas do as well, and
  /// large blocks go back to the system at once.
  static func prepare() {
    mallopt(M_ARENA_MAX, 2)
    mallopt(M_MMAP_THRESHOLD, 256 << 10)
    mallopt(M_TRIM_THRESHOLD, 1 << 20)
    // Without a zone in the environment the C library looks at /etc/localtime for each Date header.
    // Nothing here is ever in local time.
    setenv("TZ", "UTC", 1)
  }
}
