import Glibc
import Wire

/// Makes a smaller picture of a picture, in a process of its own that has limits on memory and time: a
/// hostile picture can end that process and nothing else.
package struct PictureJob: Sendable {
  /// The program that is run: with the words `picture --side N`, from standard input to standard output.
  package let program: String
  /// How long one may take, by the clock.
  package var milliseconds: Int32 = 20_000

  package init(program: String) { self.program = program }

  package static let mostPixels: UInt64 = 100_000_000
  /// Of address space, the libraries' own included.
  package static let memoryBytes: UInt64 = 2 << 30
  package static let processorSeconds: UInt64 = 15

  package enum Outcome: Sendable, Equatable {
    case done
    /// Broken, too large, or of a kind that is not read: it will never have a smaller form.
    case refused
    /// The program could not be run, or its library is missing. The sentence is for the log.
    case unavailable(String)
  }

  /// Blocks until it is done.
  package func run(from input: OwnedDescriptor, to output: OwnedDescriptor, side: Int) -> Outcome {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return .unavailable("no pipe: \(String(cString: strerror(errno)))") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    // Nobody else has the writing end: its end is the process's end, whichever way.
    let ended = OwnedDescriptor(ends[0])
    var isOpen = true
    defer { if isOpen { close(ends[1]) } }

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input.number, 0)
    posix_spawn_file_actions_adddup2(&actions, output.number, 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 3)
    lseek(input.number, 0, SEEK_SET)

    let line: [String] = [program, "picture", "--side", String(side)]
    var words: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    // libheif and others start as many threads as there are processors, each with memory of its own.
    var environment: [UnsafeMutablePointer<CChar>?] = [strdup("VIPS_CONCURRENCY=1"), strdup("MALLOC_ARENA_MAX=1"), nil]
    defer { for word in environment { free(word) } }
    var process = pid_t()
    let failure = posix_spawn(&process, program, &actions, nil, &words, &environment)
    close(ends[1])
    isOpen = false
    guard failure == 0 else { return .unavailable("\(program) cannot be run: \(String(cString: strerror(failure)))") }

    var poll = pollfd(fd: ended.number, events: Int16(POLLIN), revents: 0)
    var answer = Glibc.poll(&poll, 1, milliseconds)
    while answer < 0, errno == EINTR { answer = Glibc.poll(&poll, 1, milliseconds) }
    if answer <= 0 { kill(process, SIGKILL) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return Self.outcome(status)
  }

  /// From what `waitpid` says.
  static func outcome(_ status: Int32) -> Outcome {
    // Ended by a signal: out of time or memory, or crashed by what it read.
    guard status & 0x7f == 0 else { return .refused }
    return switch (status >> 8) & 0xff {
    case 0: .done
    case 4, 5: .refused
    case 3: .unavailable("libvips is not installed (Debian: libvips42); pictures have no smaller forms without it")
    case let code: .unavailable("the picture process ended with \(code)")
    }
  }
}
