import CSodium

/// Passwords that people choose, hashed with Argon2id so that whoever has the hashes must pay for each guess.
package enum PasswordHash {
  /// What one hash costs, in memory and in passes over it.
  package struct Cost: Sendable, Equatable {
    package var bytes: Int
    package var passes: Int

    package init(bytes: Int, passes: Int) {
      self.bytes = bytes
      self.passes = passes
    }

    /// About a tenth of a second.
    package static let usual = Cost(bytes: 64 << 20, passes: 3)
    /// As little as libsodium takes; for tests.
    package static let least = Cost(bytes: Int(crypto_pwhash_memlimit_min()), passes: Int(crypto_pwhash_opslimit_min()))
  }

  /// A hash with a salt of its own, as text; nil where the memory cannot be had.
  package static func make(_ password: [UInt8], _ cost: Cost) -> String? {
    _ = Sodium.isReady
    var text = [CChar](repeating: 0, count: Int(crypto_pwhash_strbytes()))
    let code = password.withUnsafeBytes { bytes in
      crypto_pwhash_str_alg(
        &text, bytes.baseAddress?.assumingMemoryBound(to: CChar.self) ?? emptyText, UInt64(bytes.count),
        UInt64(cost.passes), cost.bytes, crypto_pwhash_alg_argon2id13())
    }
    guard code == 0 else { return nil }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// A hash that no password has. Comparing with it takes as long as with any of this cost; making it takes no time.
  package static func ofNobody(_ cost: Cost) -> String {
    func zeros(_ count: Int) -> Substring { Base64.encode([UInt8](repeating: 0, count: count)).prefix { $0 != "=" } }
    return "$argon2id$v=19$m=\(cost.bytes >> 10),t=\(cost.passes),p=1$\(zeros(16))$\(zeros(32))"
  }

  /// Whether the password is the hash's; false where the memory cannot be had.
  package static func isRight(_ password: [UInt8], for hash: String) -> Bool {
    _ = Sodium.isReady
    return password.withUnsafeBytes { bytes in
      crypto_pwhash_str_verify(
        hash, bytes.baseAddress?.assumingMemoryBound(to: CChar.self) ?? emptyText, UInt64(bytes.count)) == 0
    }
  }

  private static var emptyText: UnsafePointer<CChar> {
    UnsafeRawPointer(StaticString("").utf8Start).assumingMemoryBound(to: CChar.self)
  }

  /// What the hash cost; nil for what is none of Argon2id.
  package static func cost(of hash: String) -> Cost? {
    let parts = hash.split(separator: "$")
    guard parts.count == 5, parts[0] == "argon2id" else { return nil }
    var (memory, passes): (Int?, Int?) = (nil, nil)
    for part in parts[2].split(separator: ",") {
      if part.hasPrefix("m=") { memory = Int(part.dropFirst(2)) }
      if part.hasPrefix("t=") { passes = Int(part.dropFirst(2)) }
    }
    guard let memory, let passes, memory <= 1 << 40 else { return nil }
    return Cost(bytes: memory << 10, passes: passes)
  }

  /// Whether the hash is cheaper than what `cost` asks for.
  package static func isCheaper(_ hash: String, than cost: Cost) -> Bool {
    guard let found = Self.cost(of: hash) else { return true }
    return found.bytes < cost.bytes || found.passes < cost.passes
  }
}
