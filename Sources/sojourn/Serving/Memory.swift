import CMalloc

/// How the process uses memory.
enum Memory {
  /// glibc keeps an arena for each thread and gives little of it back; a few arenas do as well, and
  /// large blocks go back to the system at once.
  static func prepare() {
    mallopt(M_ARENA_MAX, 2)
    mallopt(M_MMAP_THRESHOLD, 256 << 10)
    mallopt(M_TRIM_THRESHOLD, 1 << 20)
  }
}
