import Crypto
import Deployments
import People
import Wire

/// `Authorization`, and the tickets of forms.
enum CredentialHeaders {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    let text = input.text
    try credentials(text, type: nil)
    try credentials(text, type: "Device")
    // Any pair, however its bytes look.
    try credentials("Basic \(Base64.encode(input.bytes))", type: nil)
    _ = Ticket.nonce(in: text)
    if let now = Instant(secondsSince1970: 0), let ticket = try? Ticket(text, for: "a", key: [1], at: now) {
      throw BrokenPromise("a ticket was forged: \(ticket)")
    }
  }

  /// What was read prints as a header that is read as the same.
  private static func credentials(_ text: String, type: String?) throws(BrokenPromise) {
    guard let found = Credentials(authorization: text, type: type) else { return }
    let printed: String
    switch found {
    case .token(let token): printed = "Token \(token)"
    case .password(let user, let password): printed = basic(user, password)
    case .device(let enrolment, let secret): printed = basic(enrolment, secret)
    }
    // Repaired text may be longer than what was read.
    if printed.utf8.count > 4096 { return }
    let again = Credentials(authorization: printed, type: type)
    try promise(again == found, "\(found) prints as \(printed), which is read as \(String(describing: again))")
  }

  private static func basic(_ user: String, _ password: [UInt8]) -> String {
    "Basic " + Base64.encode(Array(user.utf8) + [UInt8(ascii: ":")] + password)
  }
}
