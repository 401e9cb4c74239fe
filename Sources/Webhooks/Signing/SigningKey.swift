import CGnuTLS
import Glibc
import Synchronization
import Wire

/// A deployment's RSA key of 2048 bits, which signs what its webhooks send (webhooks.md «The request»).
package final class SigningKey: Sendable {
  /// PKCS#8. For keeping, sealed.
  package let privatePEM: String
  /// SubjectPublicKeyInfo, as `openssl dgst -verify` reads it.
  package let publicPEM: String
  private let idle = Mutex<[Handle]>([])

  package struct Fault: Error, Sendable, CustomStringConvertible {
    package let description: String
  }

  /// The key as GnuTLS has it, which one thread at a time may use.
  ///
  /// `@unchecked Sendable` is safe: it is lent to one user at a time.
  private final class Handle: @unchecked Sendable {
    let key: gnutls_privkey_t?

    init(privatePEM: String) throws(Fault) {
      var key: gnutls_privkey_t?
      try check(gnutls_privkey_init(&key))
      self.key = key
      try withDatum(Array(privatePEM.utf8)) { datum throws(Fault) in
        try check(gnutls_privkey_import_x509_raw(key, &datum, GNUTLS_X509_FMT_PEM, nil, 0))
      }
    }

    deinit { gnutls_privkey_deinit(key) }
  }

  /// Makes a key: some hundred milliseconds of work.
  package static func random() throws(Fault) -> SigningKey {
    var key: gnutls_x509_privkey_t?
    try check(gnutls_x509_privkey_init(&key))
    defer { gnutls_x509_privkey_deinit(key) }
    try check(gnutls_x509_privkey_generate(key, GNUTLS_PK_RSA, 2048, 0))
    var pem = gnutls_datum_t()
    try check(
      gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, nil, UInt32(GNUTLS_PKCS_PLAIN.rawValue), &pem))
    return try SigningKey(privatePEM: String(decoding: take(pem), as: UTF8.self))
  }

  package init(privatePEM: String) throws(Fault) {
    self.privatePEM = privatePEM
    let handle = try Handle(privatePEM: privatePEM)
    var key: gnutls_pubkey_t?
    try check(gnutls_pubkey_init(&key))
    defer { gnutls_pubkey_deinit(key) }
    try check(gnutls_pubkey_import_privkey(key, handle.key, 0, 0))
    var pem = gnutls_datum_t()
    try check(gnutls_pubkey_export2(key, GNUTLS_X509_FMT_PEM, &pem))
    publicPEM = String(decoding: take(pem), as: UTF8.self)
    idle.withLock { $0.append(handle) }
  }

  /// PKCS#1 v1.5 with SHA-256 over these bytes.
  package func signature(of bytes: [UInt8]) throws(Fault) -> [UInt8] {
    let handle: Handle
    if let idle = idle.withLock({ $0.popLast() }) { handle = idle } else { handle = try Handle(privatePEM: privatePEM) }
    defer { idle.withLock { $0.append(handle) } }
    var signature = gnutls_datum_t()
    try withDatum(bytes) { datum throws(Fault) in
      try check(gnutls_privkey_sign_data2(handle.key, GNUTLS_SIGN_RSA_SHA256, 0, &datum, &signature))
    }
    return take(signature)
  }

  /// Whether a signature is this key's, given in PEM.
  package static func isValid(_ signature: [UInt8], of bytes: [UInt8], publicPEM: String) throws(Fault) -> Bool {
    var key: gnutls_pubkey_t?
    try check(gnutls_pubkey_init(&key))
    defer { gnutls_pubkey_deinit(key) }
    try withDatum(Array(publicPEM.utf8)) { datum throws(Fault) in
      try check(gnutls_pubkey_import(key, &datum, GNUTLS_X509_FMT_PEM))
    }
    var status: Int32 = -1
    try withDatum(bytes) { data throws(Fault) in
      try withDatum(signature) { code throws(Fault) in
        status = gnutls_pubkey_verify_data2(key, GNUTLS_SIGN_RSA_SHA256, 0, &data, &code)
      }
    }
    return status >= 0
  }
}

private func check(_ status: Int32) throws(SigningKey.Fault) {
  guard status >= 0 else { throw SigningKey.Fault(description: String(cString: gnutls_strerror(status))) }
}

private func take(_ datum: gnutls_datum_t) -> [UInt8] {
  defer { free(datum.data) }
  return Array(UnsafeBufferPointer(start: datum.data, count: Int(datum.size)))
}

/// GnuTLS takes bytes as such a pair and only reads them.
private func withDatum(
  _ bytes: [UInt8], _ body: (inout gnutls_datum_t) throws(SigningKey.Fault) -> Void
) throws(SigningKey.Fault) {
  var copy = bytes
  let result = copy.withUnsafeMutableBufferPointer { buffer -> Result<Void, SigningKey.Fault> in
    var datum = gnutls_datum_t(data: buffer.baseAddress, size: UInt32(buffer.count))
    do throws(SigningKey.Fault) {
      try body(&datum)
      return .success(())
    } catch {
      return .failure(error)
    }
  }
  try result.get()
}
