import Foundation
import Testing
import Wire

@testable import Attachments

@Suite("Addresses of attachments")
struct LinkTests {
  let signature = AttachmentSignature(key: [1, 2, 3])
  let id = ObjectID("0190a6f4-6f5e-4c1b-9d0e-2f8f4f0f7a11")!
  let other = ObjectID("0190a6f4-6f5e-4c1b-9d0e-2f8f4f0f7a12")!
  let noon = Instant("2026-03-01T12:00:00Z")!

  private func text(_ query: String) -> String {
    String(query[query.range(of: "signature=")!.upperBound...])
  }

  @Test("are the same all day and live for at least a day")
  func expiry() {
    let first = AttachmentSignature.expiry(at: Instant("2026-03-01T00:00:00Z")!)
    let last = AttachmentSignature.expiry(at: Instant("2026-03-01T23:59:59Z")!)
    #expect(first == last)
    #expect(first - Instant("2026-03-01T23:59:59Z")!.secondsSince1970 >= 86_400)
    #expect(AttachmentSignature.expiry(at: Instant("2026-03-02T00:00:00Z")!) == first + 86_400)
  }

  @Test("are good for what they were made for, until they expire, and for nothing else")
  func validity() {
    let expires = AttachmentSignature.expiry(at: noon)
    let query = signature.query(deployment: "d1", attachment: id, variant: .thumbnail, expires: expires)
    let good = text(query)
    func isValid(
      _ text: String? = nil, _ attachment: ObjectID? = nil,
      _ variant: AttachmentVariant = .thumbnail, deployment: String = "d1", expires other: Int64? = nil,
      at now: Instant? = nil,
      key: [UInt8] = [1, 2, 3]
    ) -> Bool {
      AttachmentSignature(key: key).isValid(
        text ?? good, deployment: deployment, attachment: attachment ?? id, variant: variant,
        expires: other ?? expires, at: now ?? noon)
    }
    #expect(query == "?expires=\(expires)&signature=\(good)")
    #expect(isValid())
    #expect(isValid(at: Instant(secondsSince1970: expires - 1)!))
    #expect(!isValid(at: Instant(secondsSince1970: expires)!))
    #expect(!isValid(deployment: "d2"))
    #expect(!isValid(nil, other))
    #expect(!isValid(nil, nil, .original))
    #expect(!isValid(expires: expires + 86_400))
    #expect(!isValid(key: [1, 2]))
    #expect(!isValid(String(good.dropLast())))
    #expect(!isValid(""))
    #expect(!isValid("!\(good.dropFirst())"))
  }

  @Test(
    "a range asks for parts of the whole",
    arguments: [
      (nil, .all), ("bytes=0-0", .parts([0..<1])), ("bytes=0-", .parts([0..<10])), ("bytes=-3", .parts([7..<10])),
      ("bytes=5-99", .parts([5..<10])), ("bytes=-99", .parts([0..<10])), ("bytes=10-", .unsatisfiable),
      ("bytes=-0", .unsatisfiable), ("bytes=0-1,4-5", .parts([0..<2, 4..<6])),
      ("bytes= 0-1 , 20-30 ,, 4-5", .parts([0..<2, 4..<6])), ("bytes=5-2", .all), ("bytes=a-b", .all),
      ("bytes=", .all), ("lines=0-1", .all), ("bytes=0-6,3-9", .all), ("BYTES=9-9", .parts([9..<10])),
      ("bytes=99999999999999999999-", .unsatisfiable), ("bytes=0-99999999999999999999", .parts([0..<10])),
      ("bytes=--1", .all), ("bytes=1", .all),
    ] as [(String?, ByteRanges)])
  func ranges(_ header: String?, _ expected: ByteRanges) {
    #expect(ByteRanges(header, count: 10) == expected)
  }

  @Test("a thousand parts are answered by the whole, and an empty file has no part")
  func manyParts() {
    let parts = (0..<1000).map { "\($0)-\($0)" }.joined(separator: ",")
    #expect(ByteRanges("bytes=\(parts)", count: 5000) == .all)
    #expect(ByteRanges("bytes=0-0", count: 0) == .unsatisfiable)
    #expect(ByteRanges("bytes=0-,1-,2-", count: .max) == .all)
  }

  @Test(
    "file names have the letters of the rule",
    arguments: [
      ("boarding pass.pdf", true), ("a", true), ("...a", true), (".", false), ("..", false), ("", false),
      ("A.pdf", false), ("a/b", false), ("a\\b", false), ("ä.pdf", false), ("a\n", false),
      (String(repeating: "a", count: 255), true), (String(repeating: "a", count: 256), false),
    ])
  func fileNames(_ name: String, _ isGood: Bool) {
    #expect((AttachmentFileName.problem(with: name) == nil) == isGood)
  }
}
