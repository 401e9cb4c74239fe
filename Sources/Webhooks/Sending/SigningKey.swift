import CCrypto
import Wire

/// A deployment's RSA key of 2048 bits, which signs what its webhooks send (webhooks.md «The request»).
///
/// `@unchecked Sendable` is safe: the key is not changed after `init`, and OpenSSL lets any number of threads
/// sign with one key, each in a context of its own.
package final class SigningKey: @unchecked Sendable {
  /// PKCS#8. For keeping, sealed.
  package let privatePEM: String
  /// SubjectPublicKeyInfo, as `openssl dgst -verify` reads it.
  package let publicPEM: String
  private let key: OpaquePointer

  package struct Fault: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String
  }

  private static let bits = 2048

  /// Makes a key: some hundred milliseconds of work.
  package static func random() throws(Fault) -> SigningKey {
    guard let key = sojourn_rsa_generate(bits) else { throw Fault(description: "no RSA key could be made") }
    defer { EVP_PKEY_free(key) }
    let pem = try written { PEM_write_bio_PKCS8PrivateKey($0, key, nil, nil, 0, nil, nil) }
    return try SigningKey(privatePEM: pem)
  }

  package init(privatePEM: String) throws(Fault) {
    guard let key = Self.read(privatePEM, { PEM_read_bio_PrivateKey($0, nil, { _, _, _, _ in 0 }, nil) }) else {
      throw Fault(description: "the private key cannot be read")
    }
    self.key = key
    self.privatePEM = privatePEM
    do throws(Fault) {
      publicPEM = try Self.written { PEM_write_bio_PUBKEY($0, key) }
    } catch {
      EVP_PKEY_free(key)
      throw error
    }
  }

  deinit { EVP_PKEY_free(key) }

  /// PKCS#1 v1.5 with SHA-256 over these bytes.
  package func signature(of bytes: [UInt8]) throws(Fault) -> [UInt8] {
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    var signature = [UInt8](repeating: 0, count: Self.bits / 8)
    var count = signature.count
    guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1,
      EVP_DigestSign(context, &signature, &count, bytes, bytes.count) == 1
    else { throw Fault(description: "the body could not be signed") }
    return Array(signature.prefix(count))
  }

  /// Whether a signature is that of a key, given in PEM.
  package static func isValid(_ signature: [UInt8], of bytes: [UInt8], publicPEM: String) throws(Fault) -> Bool {
    guard let key = read(publicPEM, { PEM_read_bio_PUBKEY($0, nil, nil, nil) }) else {
      throw Fault(description: "the public key cannot be read")
    }
    defer { EVP_PKEY_free(key) }
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    return EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1
      && EVP_DigestVerify(context, signature, signature.count, bytes, bytes.count) == 1
  }

  private static func read(_ pem: String, _ body: (OpaquePointer?) -> OpaquePointer?) -> OpaquePointer? {
    let bytes = Array(pem.utf8)
    return bytes.withUnsafeBytes { buffer in
      let bio = BIO_new_mem_buf(buffer.baseAddress, Int32(clamping: buffer.count))
      defer { BIO_free(bio) }
      return body(bio)
    }
  }

  private static func written(_ body: (OpaquePointer?) -> Int32) throws(Fault) -> String {
    let bio = BIO_new(BIO_s_mem())
    defer { BIO_free(bio) }
    var text: UnsafePointer<CChar>?
    guard body(bio) == 1 else { throw Fault(description: "the key could not be written") }
    let count = sojourn_bio_bytes(bio, &text)
    return String(decoding: UnsafeRawBufferPointer(start: text, count: count), as: UTF8.self)
  }
}
