import Attachments
import HTTPServer
import People
import QueryLanguage
import Storage
import Wire

/// The errors of pages, in one place.
extension PageFault {
  static func notFound(_ detail: String = "There is no page at this address.", ways: [Crumb] = []) -> PageFault {
    PageFault(
      404, "Not found", detail, next: "It may have been removed, or the address was cut or mistyped.",
      ways: ways.isEmpty ? [Crumb("Deployments", .deployments)] : ways)
  }

  static func forbidden(_ right: Need.Right) -> PageFault {
    if right == .operator {
      return PageFault(
        403, "For operators only", "This page is for those who run the server.",
        next: "An operator of the server can make you one.", ways: [Crumb("Deployments", .deployments)])
    }
    return PageFault(
      403, "Not for your role", "This page needs the role “\(right.rawValue)” in this deployment.",
      next: "It can be given to you by \(right.giver).", ways: [Crumb("Deployments", .deployments)])
  }

  static let badTicket = PageFault(
    403, "This form cannot be used any more",
    "It is older than a day, or was made for somebody else or by another page.",
    next: "Open the page again and send it from there.")

  static func otherHost(_ url: String) -> PageFault {
    PageFault(404, "The pages are elsewhere", "This address serves the API alone.", next: "The pages are at \(url).")
  }

  static let noSession = PageFault(403, "Please sign in", "This page is for people who are signed in.")

  static let wrongMethod = PageFault(
    405, "Not to be opened like this", "This address takes a form that is sent to it, and shows no page of its own.",
    ways: [Crumb("Deployments", .deployments)])

  static func conflict(_ detail: String) -> PageFault {
    PageFault(409, "Changed by somebody else meanwhile", detail, next: "Open it again to see what it is now.")
  }

  static func invalid(_ detail: String, ways: [Crumb]) -> PageFault {
    PageFault(422, "This cannot be shown", detail, ways: ways)
  }

  static func tooMany(retryAfter seconds: Int) -> PageFault {
    var fault = PageFault(
      429, "Too many pages at once", "You have asked for more pages than one person may in a short time.",
      next: "Wait \(CountText.of(seconds, "second")) and load the page again.")
    fault.retryAfter = seconds
    return fault
  }

  static let unusable = PageFault(
    503, "The deployment cannot be used", "Its data could not be opened; the server's log says why.",
    next: "Whoever runs the server can look with `sojourn fsck`.", ways: [Crumb("Deployments", .deployments)])

  static let unexpected = PageFault(
    500, "Something went wrong on the server", "The page could not be made. The server's log says more.",
    next: "Tell whoever runs the server the request id at the foot of this page.")

  /// Of a right that depends on whom it is about; the sentence says why it is not there and who has it.
  static func notYours(_ sentence: String, _ way: Crumb) -> PageFault {
    PageFault(403, "Not for you to do", sentence, ways: [way])
  }

  init(_ fault: PeopleFault) {
    let heading =
      switch fault {
      case .changed: "Changed by somebody else meanwhile"
      case .unaudited: "Nothing was done"
      default: "This cannot be done now"
      }
    self.init(fault.status, heading, fault.sentence)
    retryAfter = fault.retrySeconds
  }

  init(_ failure: TransportFailure) {
    switch failure {
    case .bodyTooLarge(let limit), .streamTooLarge(let limit):
      self.init(
        413, "Too large", "What was sent is larger than \(Grouped.text(limit)) bytes.", next: "Send less at once.")
    case .requestLineTooLong(let limit):
      self.init(414, "The address is too long", "It has more than \(Grouped.text(limit)) bytes.")
    case .headTooLarge(let limit):
      self.init(431, "The request is too large", "Its headers have more than \(Grouped.text(limit)) bytes.")
    case .malformed(let fault): self.init(400, "The request cannot be read", fault.sentence)
    case .unreadable(let status):
      self.init(status, "The request cannot be read", "It is no request that this server knows.")
    case .unknownEncoding(let name):
      self.init(415, "The request cannot be read", "Its encoding “\(CutText.cut(name))” is not known here.")
    case .brokenEncoding: self.init(400, "The request cannot be read", "Its body is not what its encoding says.")
    case .busy, .draining: self = Self.busy("The server has no room for the request now.")
    case .unexpected: self = .unexpected
    }
  }

  static func busy(_ detail: String) -> PageFault {
    var fault = PageFault(503, "The server is busy", detail, next: "Load the page again in a moment.")
    fault.retryAfter = 1
    return fault
  }

  init(_ error: StorageError) {
    switch error {
    case .busy, .closed, .tooManyFiles, .noRoomForAnswer, .leaseLost, .webhookChanged, .sessionEnded, .uploadOutdated:
      self = .busy("It has too much to do at once, or is shutting down.")
    case .replan: self = .busy("The data model was changed several times while the page was being made.")
    case .unavailable, .unusable: self = .unusable
    case .outcomeUnknown:
      self.init(
        503, "It may be saved or not", "The database did not confirm it in time.",
        next: "Look whether it is there before you save it again.")
    case .rowTooLarge:
      self.init(
        422, "That is too much for one object", "The database keeps some 8,000 bytes of one, beside long texts.",
        next: "Go back and leave some of its fields empty.")
    case .timeLimit(let seconds):
      self.init(
        503, "That takes too long", "Reading it was stopped after \(CountText.of(seconds, "second")).",
        next: "Filter by a field with an index, or for one value of a field.")
    case .broken: self = .unexpected
    }
  }
}
