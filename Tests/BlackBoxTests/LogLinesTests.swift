import Glibc
import Testing
import Wire

@testable import sojourn

@Suite("Lines of the log")
struct LogLinesTests {
  private let ends: (reading: OwnedDescriptor, writing: OwnedDescriptor)

  init() throws {
    var pair: [Int32] = [0, 0]
    try #require(pipe(&pair) == 0)
    ends = (OwnedDescriptor(pair[0]), OwnedDescriptor(pair[1]))
    try #require(fcntl(pair[0], F_SETFL, O_NONBLOCK) == 0)
  }

  private func add(_ text: String, to lines: LogLines, isUrgent: Bool) {
    var writer = ByteWriter()
    writer.append(text: text)
    lines.add(writer, isUrgent: isUrgent)
  }

  /// What has come out so far.
  private func read() -> String {
    var bytes = [UInt8](repeating: 0, count: 200_000)
    let count = Glibc.read(ends.reading.number, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
  }

  @Test("come out whole and in order, the urgent with all before them")
  func urgent() {
    let lines = LogLines(to: ends.writing.number, isLate: true)
    var expected = ""
    for number in 0..<50 {
      add("line \(number)\n", to: lines, isUrgent: false)
      expected += "line \(number)\n"
    }
    add("end\n", to: lines, isUrgent: true)
    #expect(read() == expected + "end\n")
    #expect(read() == "")
  }

  @Test("come out when much has gathered")
  func many() {
    let lines = LogLines(to: ends.writing.number, isLate: true)
    let line = String(repeating: "x", count: 1023) + "\n"
    for _ in 0..<LogLines.mostBytes / 1024 { add(line, to: lines, isUrgent: false) }
    #expect(read().utf8.count == LogLines.mostBytes)
  }

  @Test("come out at once where somebody watches")
  func watched() {
    let lines = LogLines(to: ends.writing.number, isLate: false)
    add("a\n", to: lines, isUrgent: false)
    #expect(read() == "a\n")
    lines.write()
    #expect(read() == "")
  }

  @Test("come out a moment later by themselves")
  func late() {
    let lines = LogLines(to: ends.writing.number, isLate: true)
    for text in ["a\n", "b\n"] {
      add(text, to: lines, isUrgent: false)
      var polled = pollfd(fd: ends.reading.number, events: Int16(POLLIN), revents: 0)
      #expect(poll(&polled, 1, 20_000) == 1)
      #expect(read() == text)
    }
  }
}
