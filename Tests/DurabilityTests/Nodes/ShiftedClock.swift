import ServerUnderTest

/// Lets a real process see another time than the machine's: a library that goes before the C library's clocks.
///
/// It is compiled where it is used, by the compiler that Swift brings.
enum ShiftedClock {
  private static let source = """
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <stdlib.h>
    #include <sys/time.h>
    #include <time.h>

    static time_t shift(void) { const char *text = getenv("CLOCK_SHIFT"); return text ? atol(text) : 0; }

    int clock_gettime(clockid_t clock, struct timespec *time) {
      static int (*real)(clockid_t, struct timespec *);
      if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
      int code = real(clock, time);
      if (code == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += shift();
      return code;
    }

    int gettimeofday(struct timeval *restrict time, void *restrict zone) {
      struct timespec now;
      clock_gettime(CLOCK_REALTIME, &now);
      if (time) { time->tv_sec = now.tv_sec; time->tv_usec = now.tv_nsec / 1000; }
      return 0;
    }

    time_t time(time_t *result) {
      struct timespec now;
      clock_gettime(CLOCK_REALTIME, &now);
      if (result) *result = now.tv_sec;
      return now.tv_sec;
    }
    """

  /// The environment of a process whose clock is so many seconds ahead.
  static func environment(ahead seconds: Int, in folder: TemporaryDirectory) throws -> [String] {
    let library = "\(folder.path)/clock.so"
    let file = try folder.write(source, to: "clock.c")
    let compiled = try ChildProcess.run(["clang", "-shared", "-fPIC", "-O1", "-o", library, file, "-ldl"])
    guard compiled.code == 0 else { throw TestFault("no clock was compiled: \(compiled.output)") }
    return ["LD_PRELOAD=\(library)", "CLOCK_SHIFT=\(seconds)"]
  }
}
