import CGnuTLS
import Glibc

/// Speaks TLS over a plain client's socket, and trusts one certificate alone.
final class TLSClient {
  struct Failure: Error { let text: String }

  private let plain: TestClient
  private let hostName: UnsafeMutablePointer<CChar>?
  private var session: gnutls_session_t?
  private var credentials: gnutls_certificate_credentials_t?

  /// Fails when the certificate is not the trusted one, or is not for `host`.
  init(port: UInt16, host: String, trusting certificate: String, priorities: String = "NORMAL") throws {
    plain = try TestClient(port: port)
    hostName = strdup(host)
    gnutls_certificate_allocate_credentials(&credentials)
    var bytes = Array(certificate.utf8)
    let count = UInt32(bytes.count)
    bytes.withUnsafeMutableBufferPointer {
      var datum = gnutls_datum_t(data: $0.baseAddress, size: count)
      gnutls_certificate_set_x509_trust_mem(credentials, &datum, GNUTLS_X509_FMT_PEM)
    }
    gnutls_init(&session, UInt32(GNUTLS_CLIENT))
    gnutls_priority_set_direct(session, priorities, nil)
    gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, UnsafeMutableRawPointer(credentials))
    // Checks the chain, and that the certificate names this host. The session keeps the pointer.
    gnutls_session_set_verify_cert(session, hostName, 0)
    gnutls_transport_set_int2(session, plain.descriptor, plain.descriptor)
    var status: Int32
    repeat { status = gnutls_handshake(session) } while status < 0 && gnutls_error_is_fatal(status) == 0
    if status < 0 { throw Failure(text: String(cString: gnutls_strerror(status))) }
  }

  deinit {
    gnutls_deinit(session)
    free(hostName)
    gnutls_certificate_free_credentials(credentials)
  }

  var version: String { String(cString: gnutls_protocol_get_name(gnutls_protocol_get_version(session))) }

  /// Sends a request that asks for the connection to be closed, and reads to the end.
  func exchange(_ request: String) -> String {
    let bytes = Array(request.utf8)
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        gnutls_record_send(session, $0.baseAddress! + done, bytes.count - done)
      }
      if count <= 0 { break }
      done += count
    }
    var answer: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 16 * 1024)
    while true {
      let count = gnutls_record_recv(session, &part, part.count)
      if count <= 0 { return String(decoding: answer, as: UTF8.self) }
      answer += part[..<count]
    }
  }
}
