import CGnuTLS
import Glibc

/// A certificate (with the chain behind it) and its private key, checked to belong together.
package struct TLSIdentity: Sendable, Equatable {
  package let certificatePEM: String
  package let privateKeyPEM: String

  /// Fails with a sentence that names the cause. `source` says where the texts come from.
  package init(certificatePEM: String, privateKeyPEM: String, source: String = "") throws(ServerError) {
    let origin = source.isEmpty ? "" : " (\(source))"
    guard certificatePEM.contains("-----BEGIN CERTIFICATE-----") else {
      throw .certificate("the certificate\(origin) is not in PEM form: it has no “BEGIN CERTIFICATE” line")
    }
    guard privateKeyPEM.contains("PRIVATE KEY-----") else {
      throw .certificate("the private key\(origin) is not in PEM form: it has no “BEGIN PRIVATE KEY” line")
    }
    if privateKeyPEM.contains("ENCRYPTED") {
      throw .certificate("the private key\(origin) is protected by a password: store it without one")
    }
    var credentials: gnutls_certificate_credentials_t?
    gnutls_certificate_allocate_credentials(&credentials)
    defer { gnutls_certificate_free_credentials(credentials) }
    let status = TLSIdentity.withDatum(certificatePEM) { certificate in
      TLSIdentity.withDatum(privateKeyPEM) { key in
        gnutls_certificate_set_x509_key_mem(credentials, certificate, key, GNUTLS_X509_FMT_PEM)
      }
    }
    if status == GNUTLS_E_CERTIFICATE_KEY_MISMATCH {
      throw .certificate("the private key does not belong to the certificate\(origin)")
    }
    guard status >= 0 else {
      let reason = String(cString: gnutls_strerror(status))
      throw .certificate("the certificate and its private key\(origin) cannot be used: \(reason)")
    }
    self.certificatePEM = certificatePEM
    self.privateKeyPEM = privateKeyPEM
  }

  /// Whether a client that asks for `host`, a name or an address, finds it in the certificate.
  package func names(_ host: String) -> Bool {
    withCertificate { gnutls_x509_crt_check_hostname($0, host) != 0 } ?? false
  }

  /// When it ends, in seconds since 1970; nil where it does not say.
  package var endsAt: Int64? {
    withCertificate { gnutls_x509_crt_get_expiration_time($0) }.flatMap { $0 < 0 ? nil : Int64($0) }
  }

  /// The server's own, which is the first of the chain.
  private func withCertificate<R>(_ body: (gnutls_x509_crt_t) -> R) -> R? {
    var certificate: gnutls_x509_crt_t?
    guard gnutls_x509_crt_init(&certificate) >= 0, let certificate else { return nil }
    defer { gnutls_x509_crt_deinit(certificate) }
    let status = TLSIdentity.withDatum(certificatePEM) {
      gnutls_x509_crt_import(certificate, $0, GNUTLS_X509_FMT_PEM)
    }
    return status >= 0 ? body(certificate) : nil
  }

  /// Reads both from files.
  package static func load(certificatePath: String, privateKeyPath: String) throws(ServerError) -> TLSIdentity {
    try TLSIdentity(
      certificatePEM: text(certificatePath, what: "certificate"),
      privateKeyPEM: text(privateKeyPath, what: "private key"),
      source: certificatePath == privateKeyPath ? certificatePath : "\(certificatePath), \(privateKeyPath)")
  }

  private static func text(_ path: String, what: String) throws(ServerError) -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      throw .certificate("cannot read the \(what) at \(path): \(String(cString: strerror(errno)))")
    }
    defer { close(file) }
    let limit = 1024 * 1024
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 16 * 1024)
    while bytes.count <= limit {
      let count = read(file, &part, part.count)
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      guard count > 0 else {
        throw .certificate("cannot read the \(what) at \(path): \(String(cString: strerror(errno)))")
      }
      bytes += part[..<count]
    }
    throw .certificate("the \(what) at \(path) is larger than a megabyte: is it the right file?")
  }

  private static func withDatum<R>(_ text: String, _ body: (UnsafePointer<gnutls_datum_t>) -> R) -> R {
    var bytes = Array(text.utf8) + [0]
    let count = bytes.count - 1
    return bytes.withUnsafeMutableBufferPointer {
      withUnsafePointer(to: gnutls_datum_t(data: $0.baseAddress, size: UInt32(count)), body)
    }
  }
}
