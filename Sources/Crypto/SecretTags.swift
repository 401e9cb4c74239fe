import CSodium

/// Short names of long secrets: SipHash-2-4 of 128 bits under a key that nobody knows, not even this
/// process's successor.
///
/// Who does not know the key can neither find a text with a given tag nor learn anything of a text from its
/// tag; so tags may be kept, and looked up in a table, where the secrets themselves may not. Five times as
/// fast as SHA-256, which is for what is kept on disk.
package struct SecretTags: Sendable {
  package struct Tag: Hashable, Sendable {
    let high: UInt64
    let low: UInt64
  }

  private let key = Secret.random(bytes: Int(crypto_shorthash_siphashx24_KEYBYTES))

  package init() {}

  package func tag(of secret: UnsafeRawBufferPointer) -> Tag {
    var tag: (UInt64, UInt64) = (0, 0)
    withUnsafeMutableBytes(of: &tag) { into in
      guard let out = into.baseAddress else { return }
      let input = secret.baseAddress?.assumingMemoryBound(to: UInt8.self)
      _ = crypto_shorthash_siphashx24(out.assumingMemoryBound(to: UInt8.self), input, UInt64(secret.count), key)
    }
    return Tag(high: tag.0, low: tag.1)
  }
}
