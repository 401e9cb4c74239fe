import Foundation
import Glibc
import PageReading
import ServerUnderTest
import Wire

/// Forms of the pages, sent to the real binary as a browser sends them.
enum PageForms {
  static let password = "kettle orbit mango"
  static let headers = ["Content-Type: application/x-www-form-urlencoded", "Sec-Fetch-Site: same-origin"]

  static func body(_ fields: [(String, String)]) -> [UInt8] {
    Array(fields.map { "\(PercentText.encode($0.0))=\(PercentText.encode($0.1))" }.joined(separator: "&").utf8)
  }

  static let headersWithFiles = ["Content-Type: multipart/form-data; boundary=bb", "Sec-Fetch-Site: same-origin"]

  /// The same with a file for a field of the object.
  static func body(_ fields: [(String, String)], file: [UInt8], for field: String) -> [UInt8] {
    let parts = fields.map { "--bb\r\nContent-Disposition: form-data; name=\"\($0.0)\"\r\n\r\n\($0.1)\r\n" }
    let head =
      "--bb\r\nContent-Disposition: form-data; name=\"f[\(field)]\"; filename=\"a.bin\"\r\nContent-Type: x/y\r\n\r\n"
    return Array((parts.joined() + head).utf8) + file + Array("\r\n--bb--\r\n".utf8)
  }

  /// What somebody sends who has typed this.
  static func typed(_ typed: [(String, String)], into fields: [(String, String)]) -> [(String, String)] {
    fields.filter { field in !typed.contains { $0.0 == field.0 } } + typed
  }
}

extension ServerUnderTest {
  /// What comes after `mark` in the log, up to the end of the word.
  func word(after mark: String) throws -> String {
    for _ in 0..<2000 {
      let log = log
      if let found = log.firstRange(of: mark) {
        return String(log[found.upperBound...].prefix { $0.isLetter || $0.isNumber || "-_".contains($0) })
      }
      usleep(10_000)
    }
    throw TestFault("the log has no \(mark): \(log)")
  }

  func post(
    _ path: String, _ fields: [(String, String)], cookie: String? = nil, headers: [String] = []
  ) throws -> Answer {
    try connection().request(
      "POST", path, headers: PageForms.headers + headers + (cookie.map { ["Cookie: \($0)"] } ?? []),
      body: PageForms.body(fields))
  }

  func get(_ path: String, cookie: String) throws -> Answer {
    try connection().request("GET", path, headers: ["Cookie: \(cookie)"])
  }

  /// What the form that `page` has for `path` sends as it stands; the page itself where no other is named.
  func fields(of path: String, on page: String? = nil, cookie: String) throws -> [(String, String)] {
    let answer = try get(page ?? path, cookie: cookie)
    guard answer.status == 200, let fields = FormBrowser(page: try ReadPage(answer.body)).fields(of: path) else {
      throw TestFault("no form to \(path): \(answer.status)")
    }
    return fields
  }

  /// A figure for monitors, without its labels.
  func figure(_ name: String) throws -> String? {
    let mark = "Figures for monitors at http://127.0.0.1:"
    guard let found = log.firstRange(of: mark), let port = UInt16(log[found.upperBound...].prefix { $0.isNumber })
    else { return nil }
    let lines = try HTTPConnection(port: port).request("GET", "/metrics").text.split(separator: "\n")
    return lines.first { $0.hasPrefix("\(name){") || $0.hasPrefix("\(name) ") }?.split(separator: " ").last.map(
      String.init)
  }

  /// What its process has open: sockets and files, without those of the store, whose readers open when first needed
  /// and stay open.
  var openFiles: [String] {
    let folder = "/proc/\(processID)/fd"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let open = names.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") }
    return open.filter { !$0.contains(".db") }.sorted()
  }

  /// What it has open is no more than before, if need be after a while: gone clients are noticed one by one.
  func closes(downTo before: [String], within seconds: Int = 20) -> Bool {
    for _ in 0..<(seconds * 50) where openFiles.count > before.count { usleep(20_000) }
    return openFiles.count <= before.count
  }

  /// The first operator joins by the link in the log.
  /// - Returns: the cookies of their browser, by what their names begin with: `sojourn-known` and `sojourn-80`.
  func firstOperator() throws -> (session: String, known: String) {
    let code = try word(after: "http://localhost:\(port)/databrowser/join/")
    let joined = try post(
      "/databrowser/join/\(code)", [("email", "ada@example.org"), ("name", "Ada"), ("password", PageForms.password)])
    let cookies = joined.headers.filter { $0.name == "set-cookie" }.compactMap {
      $0.value.split(separator: ";").first.map(String.init)
    }
    guard joined.status == 303, let known = cookies.first(where: { $0.contains("known") }),
      let session = cookies.first(where: { !$0.contains("known") })
    else { throw TestFault("nobody joined: \(joined)") }
    return (session, known)
  }
}
