import Storage
import Web
import Wire

/// A link with which a device signs in, as it is kept for the page that shows it.
struct Enrolment: Sendable, Equatable {
  var user: ObjectID
  var url: String
  var expiresAt: Instant

  /// Users that get one at once.
  static let most = 200

  /// Links have no spaces.
  static func written(_ all: [Enrolment]) -> String {
    all.map { "\($0.user) \($0.expiresAt.secondsSince1970) \($0.url)" }.joined(separator: "\n")
  }

  /// What cannot be read is left out.
  static func read(_ text: String) -> [Enrolment] {
    text.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: " ")
      guard parts.count == 3, let user = ObjectID(String(parts[0])), let seconds = Int64(parts[1]),
        let expiresAt = Instant(secondsSince1970: seconds)
      else { return nil }
      return Enrolment(user: user, url: String(parts[2]), expiresAt: expiresAt)
    }
  }
}

/// How enrolment links are shown.
enum EnrolmentHTML {
  static func shown(_ enrolment: Enrolment) -> HTML {
    div(.class("notice warn")) {
      strong { "The enrolment link" }
      p {
        "It signs in one device, once, until "
        HTML.timeWithZone(enrolment.expiresAt)
        ". It is shown here for ten minutes, to this session alone, and never again."
      }
      code(of: enrolment)
      CodeBlock(id: "enrolment", text: enrolment.url, isWrapped: true).html
    }
  }

  @HTMLBuilder
  static func code(of enrolment: Enrolment) -> HTML {
    QRCode(enrolment.url)?.html("QR code of the enrolment link")
  }
}
