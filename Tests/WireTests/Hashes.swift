import CSodium
import Crypto
import Testing
import Wire

@Suite("Hashes and secrets")
struct Hashes {
  @Test("a hash of nobody costs what it says, is read by libsodium to its end, and is no password's")
  func nobody() {
    for cost in [PasswordHash.Cost.least, PasswordHash.Cost(bytes: 1 << 20, passes: 2)] {
      let hash = PasswordHash.ofNobody(cost)
      #expect(PasswordHash.cost(of: hash) == cost)
      // 0: it can be read, and has this cost. One that cannot be read would be refused in no time.
      #expect(crypto_pwhash_str_needs_rehash(hash, UInt64(cost.passes), cost.bytes) == 0)
      for password in [[], Array("password".utf8)] { #expect(!PasswordHash.isRight(password, for: hash)) }
    }
  }

  @Test("tags are the same for the same bytes under one key, and else differ")
  func tags() {
    let tags = SecretTags()
    let texts = ["", "a", "b", "Basic abc", "Basic abd", String(repeating: "x", count: 10_000)]
    let made = texts.map { text in Array(text.utf8).withUnsafeBytes { tags.tag(of: $0) } }
    #expect(Set(made).count == texts.count)
    #expect(Array("Basic abc".utf8).withUnsafeBytes { tags.tag(of: $0) } == made[3])
    #expect(Array("Basic abc".utf8).withUnsafeBytes { SecretTags().tag(of: $0) } != made[3])
    #expect(tags.tag(of: UnsafeRawBufferPointer(start: nil, count: 0)) == made[0])
  }

  @Test(
    "SHA-256 gives the known hashes, at once and in pieces",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func sha256(text: String, expected: String) {
    #expect(Hex.encode(SHA256.hash(text)) == expected)
    var pieces = SHA256()
    for byte in text.utf8 { withUnsafeBytes(of: byte) { pieces.update($0) } }
    #expect(Hex.encode(pieces.finish()) == expected)
  }

  @Test(
    "HMAC-SHA-256 gives the codes of RFC 4231",
    arguments: [
      (
        Array(repeating: 0x0b, count: 20), "Hi There",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
      ),
      (
        Array("Jefe".utf8), "what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
      ),
      (
        Array(repeating: 0xaa, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
      ),
    ] as [([UInt8], String, String)])
  func hmac(key: [UInt8], message: String, expected: String) {
    let code = HMACSHA256.code(for: message, key: key)
    #expect(Hex.encode(code) == expected)
    #expect(HMACSHA256.isValid(code, for: Array(message.utf8), key: key))
    #expect(!HMACSHA256.isValid(Array(code.dropLast()), for: Array(message.utf8), key: key))
    #expect(!HMACSHA256.isValid(code, for: Array(message.utf8), key: key + [1]))
  }

  @Test("comparisons see every byte and the length")
  func constantTime() {
    #expect(ConstantTime.areEqual([], []))
    #expect(ConstantTime.areEqual([1, 2, 3], [1, 2, 3]))
    #expect(!ConstantTime.areEqual([1, 2, 3], [1, 2, 4]))
    #expect(!ConstantTime.areEqual([1, 2, 3], [1, 2]))
    #expect(!ConstantTime.areEqual([0], []))
  }

  @Test("secrets have their length and differ")
  func secrets() {
    #expect(Secret.random(bytes: 0).isEmpty)
    #expect(Set((0..<100).map { _ in Secret.random(bytes: 20) }).count == 100)
    #expect(Secret.randomText(bytes: 20).utf8.count == 27)
    var random = SystemRandom()
    #expect(Set((0..<100).map { _ in random.next() as UInt64 }).count == 100)
    #expect(ObjectID.random(using: &random) != ObjectID.random(using: &random))
  }
}
