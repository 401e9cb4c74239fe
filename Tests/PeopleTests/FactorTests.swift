import Crypto
import Testing
import Wire

@testable import People

@Suite("Codes of authenticators")
struct FactorTests {
  /// RFC 6238, appendix B, for SHA-1.
  @Test(
    "are those of RFC 6238",
    arguments: [
      (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
      (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
    ])
  func vectors(seconds: Int64, code: String) throws {
    let time = try #require(Instant(secondsSince1970: seconds))
    #expect(TOTP(secret: Array("12345678901234567890".utf8), digits: 8).code(ofStep: TOTP.step(at: time)) == code)
  }

  @Test("are taken in their own step, the one before and the one after, and each once")
  func steps() throws {
    let totp = TOTP(secret: Array("12345678901234567890".utf8))
    let now = try #require(Instant(secondsSince1970: 1_000_000_015))
    let present = TOTP.step(at: now)
    for distance in -3...3 as ClosedRange<Int64> {
      let code = try #require(totp.code(ofStep: present + distance))
      let isNear = abs(distance) <= 1
      #expect(totp.step(of: code, at: now, after: .min) == (isNear ? present + distance : nil), "\(distance)")
      #expect(totp.step(of: code, at: now, after: present + distance) == nil, "\(distance)")
      #expect(totp.step(of: code, at: now, after: present + distance - 1) == (isNear ? present + distance : nil))
    }
  }

  @Test("are refused as anything else", arguments: ["", "0", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "000000\u{0}"])
  func others(code: String) {
    #expect(TOTP(secret: Array("12345678901234567890".utf8)).step(of: code, at: .first, after: .min) == nil)
  }

  @Test("may be typed with a blank between")
  func blanks() throws {
    let totp = TOTP(secret: [1, 2, 3])
    let code = try #require(totp.code(ofStep: 0))
    let now = try #require(Instant(secondsSince1970: 3))
    #expect(totp.step(of: "\(code.prefix(3)) \(code.suffix(3)) ", at: now, after: -1) == 0)
  }

  @Test("come from a secret that apps read")
  func address() {
    #expect(
      TOTP(secret: Array("12345678901234567890".utf8)).address(for: "ada@example.org", at: "Sojourn")
        == "otpauth://totp/Sojourn:ada%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Sojourn")
  }

  /// RFC 4648, section 10, without padding.
  @Test(
    "and secrets stand in base32",
    arguments: [
      ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"),
      ("foobar", "MZXW6YTBOI"),
    ])
  func base32(bytes: String, text: String) {
    #expect(Base32.encode(Array(bytes.utf8)) == text)
    #expect(Base32.decode(text) == Array(bytes.utf8))
    #expect(Base32.decode("-" + text.lowercased() + " ") == Array(bytes.utf8))
  }

  @Test(
    "and secrets with a digit too many or bits too many are none", arguments: ["M", "MZ", "MZXW6A", "0", "M="])
  func strictBase32(text: String) { #expect(Base32.decode(text) == nil) }

  @Test("that stand for a lost authenticator are read however they are typed")
  func recovery() {
    let bytes: [UInt8] = Array(0..<15)
    let text = RecoveryCodes.text(of: bytes)
    #expect(text == "AAAQEA-YEAUDA-OCAJBI-FQYDIO")
    for typed in [text, text.lowercased(), text.replacing("-", with: ""), text.replacing("-", with: " ") + " "] {
      #expect(RecoveryCodes.hash(ofTyped: typed) == SHA256.hash(bytes), "\(typed)")
    }
    for other in [
      "", "123456", String(text.dropLast()), text + "A", text + "AA", "0" + text, String(repeating: "A", count: 10_000),
    ] {
      #expect(RecoveryCodes.hash(ofTyped: other) == nil, "\(other.prefix(40))")
    }
  }
}
