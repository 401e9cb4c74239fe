import Foundation
import Glibc

/// A directory that goes when nobody holds it any more.
package final class TemporaryDirectory: Sendable {
  package let path: String

  package init() throws(TestFault) { path = try Self.make(named: "sojourn-test") }

  /// Makes one below TMPDIR that nobody removes; its path.
  package static func make(named name: String) throws(TestFault) -> String {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/\(name)-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw TestFault("no temporary directory can be made in \(parent)") }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { remove() }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  package func write(_ text: String, to name: String) throws(TestFault) -> String {
    let file = "\(path)/\(name)"
    let number = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard number >= 0 else { throw TestFault("\(file) cannot be written") }
    defer { close(number) }
    let bytes = Array(text.utf8)
    guard Glibc.write(number, bytes, bytes.count) == bytes.count else {
      throw TestFault("\(file) cannot be written")
    }
    return file
  }

  /// Makes a folder in it; its path.
  package func make(_ name: String) throws(TestFault) -> String {
    let folder = "\(path)/\(name)"
    guard mkdir(folder, 0o700) == 0 else { throw TestFault("\(folder) cannot be made") }
    return folder
  }

  /// The text of a file; empty where there is none.
  package static func text(of file: String) -> String {
    let number = open(file, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { return "" }
    defer { close(number) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while case let count = read(number, &chunk, chunk.count), count > 0 { bytes += chunk[..<count] }
    return String(decoding: bytes, as: UTF8.self)
  }
}
