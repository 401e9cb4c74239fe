import Crypto
import Testing

@testable import People

@Suite("Passwords")
struct PasswordRuleTests {
  private let rule = PasswordRule(names: ["sojourn", "Flights of NY", "Ada Lovelace", "Bo"])

  @Test(
    "are taken with 12 to 256 characters of any kind",
    arguments: [
      "correct horse", "tr0ub4dor&3xyz", "    äöü  ß€  ", "\u{1F6EB}\u{1F30D}ninety six stars", "zwölf Boxkämpfer",
      String(repeating: "ab1-Q", count: 51) + "z", "passworthiness99", "kettle-orbit-vivid-mango", "Lovelock bridge 12",
      "\u{0}\u{1}\u{2}nine lives of a cat",
    ])
  func taken(password: String) { #expect(rule.problem(with: password) == nil) }

  @Test(
    "are refused with fewer or more",
    arguments: [
      ("", "this one has 0"), ("elevenchars", "this one has 11"), ("\u{1F469}\u{200D}\u{1F469}12345678", "has 11"),
      (String(repeating: "ab1-Q", count: 51) + "zz", "this one has 257"),
      (String(repeating: "x", count: 100_000), "has 100000"),
    ])
  func lengths(password: String, part: String) throws {
    #expect(try #require(rule.problem(with: password)).contains(part))
  }

  @Test(
    "that are tried first are refused",
    arguments: [
      "password1234", "Password1234", "P@ssw0rd1234", "p4$$w0rd2024", "passwordpassword", "MyPassword123!",
      "123456789012",
      "000000000000", "121212121212", "aaaaaaaaaaaab", "abcdefghijkl", "qwertyuiop123", "asdfghjkl123",
      "zyxwvutsrqponm",
      "1q2w3e4r5t6y", "1qaz2wsx3edc", "letmeinletmein", "Welcome2024Welcome", "adminadmin123", "administrator",
      "iloveyou12345", "Qwerty-Qwerty-1", "correct horse battery staple", "Change.Me.Now.1", "ThisIsMyPassword",
      "abc123abc123",
      "------------", "            ", "qwertzuiop12", "azertyuiop00",
    ])
  func common(password: String) throws {
    #expect(try #require(rule.problem(with: password)).contains("tried first"), "\(password)")
  }

  @Test(
    "that hold a name are refused, whatever its letters look like",
    arguments: [
      "my sojourn key ring", "S0J0URN-kettle-orbit", "the flights of ny today", "xx ada lovelace xx",
      "10v31ac3 kettle orbit",
      "kettle FLIGHTS mango",
    ])
  func names(password: String) throws {
    #expect(try #require(rule.problem(with: password)).contains("holds the name"), "\(password)")
  }

  @Test("may hold a name that is too short to matter")
  func shortName() { #expect(rule.problem(with: "Bo's kettle-orbit mango") == nil) }

  @Test("are hashed with a salt of their own, and known again")
  func hashes() throws {
    let hash = try #require(PasswordHash.make(Array("geheim".utf8), .least))
    #expect(hash.hasPrefix("$argon2id$"))
    #expect(hash != PasswordHash.make(Array("geheim".utf8), .least))
    #expect(PasswordHash.isRight(Array("geheim".utf8), for: hash))
    #expect(!PasswordHash.isRight(Array("Geheim".utf8), for: hash))
    #expect(!PasswordHash.isRight([], for: hash))
    let empty = try #require(PasswordHash.make([], .least))
    #expect(PasswordHash.isRight([], for: empty))
    for other in ["", "$argon2id$", "$argon2id$v=19$m=65536,t=3,p=1$", String(hash.dropLast())] {
      #expect(!PasswordHash.isRight(Array("geheim".utf8), for: other), "\(other)")
    }
  }

  @Test("are hashed anew when hashes cost more by now, and never for less")
  func costs() throws {
    let cost = PasswordHash.Cost(bytes: 16 << 10, passes: 2)
    let hash = try #require(PasswordHash.make([1], cost))
    #expect(PasswordHash.cost(of: hash) == cost)
    #expect(!PasswordHash.isCheaper(hash, than: cost))
    #expect(!PasswordHash.isCheaper(hash, than: .least))
    #expect(PasswordHash.isCheaper(hash, than: PasswordHash.Cost(bytes: 16 << 10, passes: 3)))
    #expect(PasswordHash.isCheaper(hash, than: PasswordHash.Cost(bytes: 32 << 10, passes: 2)))
    for other in ["", "$2b$10$abc", "$argon2id$v=19$m=x,t=3,p=1$a$b", "$argon2id$v=19$m=99999999999999999,t=3,p=1$a$b"]
    {
      #expect(PasswordHash.isCheaper(other, than: .least), "\(other)")
    }
    #expect(PasswordHash.Cost.usual == PasswordHash.Cost(bytes: 64 << 20, passes: 3))
  }
}
