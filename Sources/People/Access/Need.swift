import Storage

/// What a page demands of who visits it.
package struct Need: Hashable, Sendable {
  package enum Right: String, CaseIterable, Sendable {
    case anyone
    /// Signed in, also where a second factor is still to be set up: one's own account, elevation, signing out.
    case account
    case signedIn
    case viewer, editor, support, administrator
    case `operator`
  }

  package var right: Right
  /// A further one that is needed too; nil where there is none.
  package var also: Right?
  /// Whether password and second factor must have been given a short time ago.
  package var isElevated: Bool

  private init(_ right: Right, isElevated: Bool = false) {
    self.right = right
    self.isElevated = isElevated
  }

  package static let anyone = Need(.anyone)
  package static let account = Need(.account)
  package static let signedIn = Need(.signedIn)
  package static let viewer = Need(.viewer)
  package static let editor = Need(.editor)
  package static let support = Need(.support)
  package static let administrator = Need(.administrator)
  package static let `operator` = Need(.operator)

  package var elevated: Need {
    var need = self
    need.isElevated = true
    return need
  }

  package func and(_ right: Right) -> Need {
    var need = self
    need.also = right
    return need
  }
}

/// What a visitor is told who asks for a page.
package enum Permission: Sendable, Equatable {
  case allowed
  /// Nobody is signed in.
  case signIn
  /// A second factor must be set up first.
  case enrolFactor
  /// Password and second factor must be given again.
  case elevate
  /// It takes a right that the visitor does not have.
  case forbidden(Need.Right)
  /// There is no such deployment, as far as the visitor knows.
  case unknown
}

extension Need.Right {
  /// The role that gives it; nil for rights that are none of a deployment.
  package var role: Role? { Role(rawValue: rawValue) }

  /// Who can give it to somebody, in a sentence after "it can be given by".
  package var giver: String { self == .operator ? "an operator" : "an administrator of the deployment or an operator" }
}
