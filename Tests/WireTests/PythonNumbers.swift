import Glibc
import Testing
import Wire

/// The doubles that `script/test --digits` sends through a pipe, with what Python prints for each. A record has 40
/// bytes: the double, the length of the text, the text.
@Suite("Python's repr")
struct PythonNumbers {
  private static let path = getenv("SOJOURN_TEST_DOUBLES").map { String(cString: $0) }
  private static let size = 40

  @Test("has the digits that are printed here", .enabled(if: path != nil))
  func digits() throws {
    guard let path = Self.path else { return }
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var records = [UInt8](repeating: 0, count: Self.size * 1000)
    var writer = ByteWriter()
    var checked = 0
    while true {
      let count = fread(&records, Self.size, 1000, file)
      if count == 0 { break }
      records.withUnsafeBytes { bytes in
        for index in 0..<count {
          Self.check(UnsafeRawBufferPointer(rebasing: bytes[index * Self.size..<(index + 1) * Self.size]), &writer)
        }
      }
      checked += count
    }
    #expect(checked > 0)
    print("\(checked) doubles were compared.")
  }

  private static func check(_ record: UnsafeRawBufferPointer, _ writer: inout ByteWriter) {
    let number = record.loadUnaligned(as: Double.self)
    let text = UnsafeRawBufferPointer(rebasing: record[9..<9 + Int(record[8])])
    writer.removeAll()
    writer.append(number: number)
    let isSame = writer.withBytes { bytes in
      bytes.count == text.count && memcmp(bytes.baseAddress!, text.baseAddress!, text.count) == 0
    }
    if !isSame { Issue.record("\(writer.string), and \(String(decoding: text, as: UTF8.self)) in Python") }
  }
}
