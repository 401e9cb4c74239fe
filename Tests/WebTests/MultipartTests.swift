import Testing
import Web
import Wire

/// Forms with files, read piece by piece.
@Suite("Multipart forms")
struct MultipartTests {
  private typealias Part = MultipartReader.Part

  private static func read(
    _ body: [UInt8], boundary: String = "x-y", pieces size: Int = .max, mostOfFields: Int = 1000
  ) throws(MultipartReader.Fault) -> (parts: [MultipartReader.Part], isComplete: Bool) {
    var reader = try MultipartReader(
      contentType: "multipart/form-data; boundary=\(boundary)", mostOfFields: mostOfFields)
    var parts: [Part] = []
    var start = 0
    while start < body.count {
      let end = min(body.count, start + min(size, body.count))
      let piece = ByteBlock(Array(body[start..<end]))
      parts += try reader.read(piece.bytes)
      withExtendedLifetime(piece) {}
      start = end
    }
    return (joined(parts), reader.isComplete)
  }

  /// Bytes of one file as one part.
  private static func joined(_ parts: [Part]) -> [Part] {
    var joined: [Part] = []
    for part in parts {
      if case .bytes(let more) = part, case .bytes(let before)? = joined.last {
        joined[joined.count - 1] = .bytes(before + more)
      } else {
        joined.append(part)
      }
    }
    return joined
  }

  private static func body(_ parts: [(head: String, bytes: [UInt8])]) -> [UInt8] {
    parts.flatMap { part in
      Array("--x-y\r\nContent-Disposition: form-data; \(part.head)\r\n\r\n".utf8) + part.bytes + [13, 10]
    } + Array("--x-y--\r\n".utf8)
  }

  @Test("Fields and files come as they were sent, in pieces of any size")
  func pieces() throws {
    var random = SplitMix(seed: 7)
    let noise = (0..<3000).map { _ in
      [13, 10, 45, 120, UInt8.random(in: 0...255, using: &random)].randomElement(using: &random)!
    }
    let lines = Array("\r\n--x-\r\n--x-Y\r\n\r\n--".utf8)
    let body = Self.body([
      ("name=\"ticket\"", Array("t".utf8)), ("name=\"v[a]\"", Array("ä\r\nb".utf8)), ("name=\"empty\"", []),
      ("name=\"f[%22p\\]\"; filename=\"a\\b%22c;d.png\"\r\nContent-Type: image/png", noise),
      ("name=\"f[q]\"; filename=\"\"\r\nContent-Type: application/octet-stream", []),
      ("name=\"f[r]\"; filename=\"r\"", lines), ("name=\"last\"", Array("1".utf8)),
    ])
    let expected: [Part] = [
      .field(name: "ticket", value: "t"), .field(name: "v[a]", value: "ä\r\nb"), .field(name: "empty", value: ""),
      .file(name: "f[%22p\\]", fileName: "a\\b%22c;d.png"), .bytes(noise), .endOfFile,
      .file(name: "f[q]", fileName: ""), .endOfFile, .file(name: "f[r]", fileName: "r"), .bytes(lines), .endOfFile,
      .field(name: "last", value: "1"),
    ]
    for size in [1, 2, 3, 7, 64, 1000, .max] {
      let found = try Self.read(body, pieces: size)
      #expect(found.parts == expected && found.isComplete, "\(size)")
    }
    // One that is cut off is not complete, and nothing traps.
    for end in stride(from: 0, to: body.count - 4, by: 13) {
      let isComplete = (try? Self.read(Array(body[..<end]), pieces: 100).isComplete) ?? false
      #expect(!isComplete)
    }
  }

  @Test("What is no such form, or too much, is refused")
  func refused() {
    func fault(_ body: String, boundary: String = "x-y", most: Int = 1000) -> MultipartReader.Fault? {
      do throws(MultipartReader.Fault) {
        _ = try Self.read(Array(body.utf8), boundary: boundary, mostOfFields: most)
        return nil
      } catch { return error }
    }
    for boundary in ["", "\"\"", "\"a", String(repeating: "b", count: 71), "\"a \""] {
      #expect(throws: MultipartReader.Fault.self) {
        try MultipartReader(contentType: "multipart/form-data; boundary=\(boundary)", mostOfFields: 1)
      }
    }
    #expect(throws: MultipartReader.Fault.self) {
      try MultipartReader(contentType: "multipart/form-data", mostOfFields: 1)
    }
    let head = "--x-y\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"
    #expect(fault("preamble\r\n--x-y\r\n") != nil)
    #expect(fault("--x-yzz") != nil)
    #expect(fault("--x-y\r\nContent-Type: text/plain\r\n\r\n") != nil)
    #expect(fault("--x-y\r\n" + String(repeating: "a", count: 5000)) == .headTooLong(limit: 4096))
    #expect(fault(head + String(repeating: "a", count: 2000), most: 1000) == .fieldsTooLong(limit: 1000))
    let many = String(repeating: head + "\r\n", count: MultipartReader.mostParts + 1)
    #expect(fault(many, most: 1 << 20) == .tooManyParts(limit: MultipartReader.mostParts))
    #expect(MultipartReader.isType("Multipart/Form-Data; boundary=a") && !MultipartReader.isType("text/plain"))
  }

  @Test("Bytes of any kind end nothing")
  func noise() {
    for seed in 0..<200 {
      var random = SplitMix(seed: UInt64(seed))
      let words = [
        "--x-y", "\r\n", "\r\n\r\n", "--", "Content-Disposition: form-data; name=\"a\"", "; filename=\"", "\"", "\u{0}",
        "ü",
      ]
      let body = (0..<60).flatMap { _ in Array(words.randomElement(using: &random)!.utf8) }
      _ = try? Self.read(Array("--x-y\r\n".utf8) + body, pieces: 5)
    }
  }
}
