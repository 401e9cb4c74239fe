import CGnuTLS
import Glibc
import Wire

/// Makes a certificate that signs itself, for a server that was given none (api.md section 2).
///
/// ECDSA on P-256, good for ten years, for `localhost`, both loopback addresses and the names given. It
/// may stand in a client's list of authorities: `curl --cacert certificate.pem` accepts it.
package enum LocalCertificate {
  private static let days = 3650

  /// `hostNames` are DNS names or IP addresses. `now` is in seconds since 1970.
  package static func make(hostNames: [String], now: Int) throws(ServerError) -> TLSIdentity {
    var key: gnutls_x509_privkey_t?
    try check(gnutls_x509_privkey_init(&key))
    defer { gnutls_x509_privkey_deinit(key) }
    try check(gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, sojourn_p256_bits(), 0))

    var certificate: gnutls_x509_crt_t?
    try check(gnutls_x509_crt_init(&certificate))
    defer { gnutls_x509_crt_deinit(certificate) }
    try check(gnutls_x509_crt_set_version(certificate, 3))
    try setSerial(certificate)
    // A day back, for clients whose clock is behind.
    try check(gnutls_x509_crt_set_activation_time(certificate, now - 86_400))
    try check(gnutls_x509_crt_set_expiration_time(certificate, now + days * 86_400))
    try check(gnutls_x509_crt_set_dn(certificate, "CN=Sojourn local certificate", nil))
    try check(gnutls_x509_crt_set_key(certificate, key))
    for name in names(hostNames) { try add(name, to: certificate) }
    // An authority that may sign nothing below itself: some clients take only authorities into their list.
    try check(gnutls_x509_crt_set_basic_constraints(certificate, 1, 0))
    try check(
      gnutls_x509_crt_set_key_usage(
        certificate, UInt32(GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_KEY_CERT_SIGN)))
    try check(gnutls_x509_crt_set_key_purpose_oid(certificate, GNUTLS_KP_TLS_WWW_SERVER, 0))
    try setKeyIdentifier(certificate)
    try check(gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA256, 0))

    var pem = gnutls_datum_t()
    try check(gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &pem))
    let certificatePEM = take(pem)
    try check(
      gnutls_x509_privkey_export2_pkcs8(
        key, GNUTLS_X509_FMT_PEM, nil, UInt32(GNUTLS_PKCS_PLAIN.rawValue), &pem))
    return try TLSIdentity(certificatePEM: certificatePEM, privateKeyPEM: take(pem))
  }

  private static func names(_ given: [String]) -> [String] {
    var names = ["localhost", "127.0.0.1", "::1"]
    for name in given where !names.contains(name.lowercased()) { names.append(name.lowercased()) }
    return names
  }

  private static func add(_ name: String, to certificate: gnutls_x509_crt_t?) throws(ServerError) {
    let append = UInt32(GNUTLS_FSAN_APPEND)
    guard let address = NetworkAddress(name) else {
      guard (1...253).contains(name.utf8.count), name.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
        throw .certificate("“\(name.prefix(100))” is no host name that a certificate can hold")
      }
      let bytes = Array(name.utf8)
      try check(
        gnutls_x509_crt_set_subject_alt_name(
          certificate, GNUTLS_SAN_DNSNAME, bytes, UInt32(bytes.count), append))
      return
    }
    var bytes = withUnsafeBytes(of: (address.high.bigEndian, address.low.bigEndian)) { Array($0) }
    if address.isV4 { bytes.removeFirst(12) }
    try check(
      gnutls_x509_crt_set_subject_alt_name(
        certificate, GNUTLS_SAN_IPADDRESS, bytes, UInt32(bytes.count), append))
  }

  private static func setSerial(_ certificate: gnutls_x509_crt_t?) throws(ServerError) {
    var serial = [UInt8](repeating: 0, count: 16)
    try check(gnutls_rnd(GNUTLS_RND_NONCE, &serial, serial.count))
    // Positive, and not with leading zeros (RFC 5280 4.1.2.2).
    serial[0] = serial[0] & 0x7f | 0x40
    try check(gnutls_x509_crt_set_serial(certificate, serial, serial.count))
  }

  private static func setKeyIdentifier(_ certificate: gnutls_x509_crt_t?) throws(ServerError) {
    var identifier = [UInt8](repeating: 0, count: 64)
    var size = identifier.count
    try check(gnutls_x509_crt_get_key_id(certificate, 0, &identifier, &size))
    try check(gnutls_x509_crt_set_subject_key_id(certificate, identifier, min(size, 20)))
  }

  private static func take(_ datum: gnutls_datum_t) -> String {
    defer { free(datum.data) }
    return String(decoding: UnsafeBufferPointer(start: datum.data, count: Int(datum.size)), as: UTF8.self)
  }

  private static func check(_ status: Int32) throws(ServerError) {
    guard status >= 0 else {
      throw .certificate("cannot make a local certificate: \(String(cString: gnutls_strerror(status)))")
    }
  }
}
