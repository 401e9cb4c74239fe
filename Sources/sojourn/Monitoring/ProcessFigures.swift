import Glibc
import Metrics
import Wire

/// What the system says of this process. A system without /proc says less.
enum ProcessFigures {
  static func measure(_ page: inout MetricPage) {
    var usage = rusage()
    if getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 {
      page.add(.processCPU, [], seconds(usage.ru_utime) + seconds(usage.ru_stime))
    }
    if let (all, resident) = memory {
      page.add(.processVirtualMemory, [], all)
      page.add(.processMemory, [], resident)
    }
    page.add(.processFileLimit, [], Double(OpenFileLimit.now.soft))
    if let files { page.add(.processFiles, [], files) }
    if let threads { page.add(.processThreads, [], threads) }
    if let start { page.add(.processStart, [], start) }
  }

  /// In bytes.
  static var memory: (all: Int, resident: Int)? {
    let sizes = text(of: "/proc/self/statm").split(separator: " ").compactMap { Int($0) }
    let pageSize = sysconf(Int32(_SC_PAGESIZE))
    return sizes.count > 1 ? (sizes[0] * pageSize, sizes[1] * pageSize) : nil
  }

  static var files: Int? { entries(of: "/proc/self/fd") }
  static var threads: Int? { entries(of: "/proc/self/task") }

  /// In seconds since 1970, from the ticks since the machine started that field 22 of `stat` has.
  static let start: Double? = {
    // The name of the program, in parentheses, may hold anything.
    let line = text(of: "/proc/self/stat")
    guard let end = line.lastIndex(of: ")") else { return nil }
    let fields = line[line.index(after: end)...].split(separator: " ")
    let boot = text(of: "/proc/stat").split(separator: "\n").first { $0.hasPrefix("btime ") }?.dropFirst(6)
    guard fields.count > 19, let ticks = Double(fields[19]), let boot = boot.flatMap({ Double($0) }) else { return nil }
    return boot + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
  }()

  private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000 }

  private static func entries(of directory: String) -> Int? {
    guard let folder = opendir(directory) else { return nil }
    defer { closedir(folder) }
    var count = 0
    while let entry = readdir(folder) { count += entry.pointee.d_name.0 == 46 ? 0 : 1 }
    return count
  }

  private static func text(of path: String) -> String {
    let number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { return "" }
    let file = OwnedDescriptor(number)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while case let count = read(file.number, &chunk, chunk.count), count > 0 { bytes += chunk[..<count] }
    return String(decoding: bytes, as: UTF8.self)
  }
}
