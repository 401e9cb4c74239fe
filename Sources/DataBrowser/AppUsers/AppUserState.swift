import Storage
import Web
import Wire

/// What an app user is at the moment; one may be several of these.
enum AppUserState: String, CaseIterable, Sendable {
  case enrolled, locked
  /// A device of theirs is to erase its data when it connects next.
  case wiped
  /// Their devices must sign in again.
  case out
  case never

  var label: String {
    switch self {
    case .enrolled: "enrolled"
    case .locked: "locked"
    case .wiped: "to be wiped"
    case .out: "signed out"
    case .never: "never enrolled"
    }
  }

  var tag: HTML {
    switch self {
    case .enrolled: span(.class("tag good")) { label }
    case .locked: span(.class("tag bad")) { label }
    case .wiped: span(.class("tag warn")) { label }
    case .out, .never: span(.class("tag")) { label }
    }
  }

  /// Those of a user, the most pressing first. There is always one.
  static func all(of user: UserRecord) -> [AppUserState] {
    var states: [AppUserState] = []
    if user.isLocked { states.append(.locked) }
    if user.sessions.contains(where: { $0.state == .reset }) { states.append(.wiped) }
    if user.isEnrolled { states.append(.enrolled) }
    if user.sessions.allSatisfy({ $0.state == .neverEnrolled }) { states.append(.never) }
    if states.isEmpty { states.append(.out) }
    return states
  }
}

extension SessionState {
  var tag: HTML {
    switch self {
    case .enrolled: span(.class("tag good")) { "enrolled" }
    case .locked: span(.class("tag")) { "signed out" }
    case .reset: span(.class("tag warn")) { "to be wiped" }
    case .neverEnrolled: span(.class("tag")) { "never enrolled" }
    }
  }
}
