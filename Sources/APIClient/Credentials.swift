/// What a client shows of itself (api.md section 3). Never printed: every description is `•••`.
package enum Credentials: Sendable {
  case none
  case basic(username: String, password: String)
  /// A named token, sent as `Bearer`.
  case token(String)

  /// Whether they can stand in a header: no control characters, and no colon in the user name.
  package var isWellFormed: Bool {
    func isVisible(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
    switch self {
    case .none: return true
    case .basic(let username, let password):
      return isVisible(username) && isVisible(password) && !username.isEmpty && !username.contains(":")
    case .token(let token): return !token.isEmpty && token.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
  }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "•••" }
  package var debugDescription: String { "•••" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
