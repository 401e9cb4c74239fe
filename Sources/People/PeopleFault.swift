import Storage
import Threads
import Wire

/// Why something about people was not done, for whoever asked. Storage's errors go beside it.
package enum PeopleFault: ExplainedError, Sendable, Equatable {
  /// Address, password or code is wrong: nobody is told which.
  case wrong
  /// There were too many failures.
  case slow(seconds: Int)
  /// Too many wait for their password to be looked at.
  case busy
  case invalid(Field, String)
  case link(LinkProblem)
  case refused(String)
  /// Somebody else was faster.
  case changed
  /// The store took no entry for the audit, and so nothing was done.
  case unaudited(StorageError)

  /// What somebody typed.
  package enum Field: String, Sendable { case email, name, password, code }

  /// Why a link does nothing.
  package enum LinkProblem: Sendable, Equatable {
    case unknown, used, over
    /// Whoever made it could not make it now.
    case ofNobody
    /// The address has a person, who must sign in to accept.
    case signIn
    /// Somebody else is signed in.
    case somebodyElse
  }

  /// In how many seconds to try again; nil where that does not help.
  package var retrySeconds: Int? {
    switch self {
    case .slow(let seconds): seconds
    case .busy: 5
    case .unaudited: 10
    case .wrong, .invalid, .link, .refused, .changed: nil
    }
  }

  /// For people.
  package var sentence: String {
    switch self {
    case .wrong: "E-mail address, password or code is wrong."
    case .slow(let seconds): "There were too many failures. Try again in \(seconds) s."
    case .busy: "Too many people sign in right now. Try again in a few seconds."
    case .invalid(_, let sentence), .refused(let sentence): sentence
    case .link(let problem): problem.sentence
    case .changed: "Somebody has changed this meanwhile. Look at it again, then try again."
    case .unaudited:
      "It could not be entered into the audit, and so it was not done. The server's log says why; try again later."
    }
  }

  /// A thread for passwords has too much to do.
  init(_ refusal: QueueRefusal) { self = .busy }
}

extension PeopleFault.LinkProblem {
  package var sentence: String {
    switch self {
    case .unknown: "There is no such link. Was it copied as a whole? Ask for a new one."
    case .used: "This link was used already, or taken back. Ask for a new one."
    case .over: "The time of this link is over. Ask for a new one."
    case .ofNobody:
      "Whoever made this link does not have the right to it any more, or has taken it back. Ask for a new one."
    case .signIn: "There is somebody with this address already. Sign in first, then open the link again to accept."
    case .somebodyElse: "This invitation is for another address than yours. Sign out first, then open the link again."
    }
  }
}
