import Deployments
import Storage
import Wire

/// Somebody who is to join, with the rights that they will have.
package struct Invitation: Sendable, Equatable {
  package var email: String
  package var name: String
  package var makesOperator: Bool
  package var grants: [RoleGrant]

  package init(email: String, name: String, makesOperator: Bool = false, grants: [RoleGrant] = []) {
    self.email = email
    self.name = name
    self.makesOperator = makesOperator
    self.grants = grants
  }
}

/// What addresses and names of people may be.
package enum PersonRule {
  package static let mostName = 100
  package static let mostEmail = 254

  /// A sentence where it is none; nil where it could be one. Whether mail arrives there nobody asks.
  package static func problem(withEmail email: String) -> String? {
    let parts = email.split(separator: "@", omittingEmptySubsequences: false)
    let isWhole = parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && email.utf8.count <= mostEmail
    guard isWhole, email.unicodeScalars.allSatisfy({ !$0.properties.isWhitespace && $0.value >= 0x20 }) else {
      return "An e-mail address has the form name@example.org and at most \(mostEmail) bytes, not "
        + "\"\(CutText.cut(email))\"."
    }
    return DeploymentFault.problem(with: email, of: "An e-mail address")
  }

  package static func problem(withName name: String) -> String? {
    DeploymentRegistry.problem(withName: name, of: "A person", most: mostName)
  }

  static func check(email: String, name: String) throws(PeopleFault) {
    if let problem = problem(withEmail: email) { throw .invalid(.email, problem) }
    if let problem = problem(withName: name) { throw .invalid(.name, problem) }
  }
}

/// What somebody who joins has filled in.
package struct JoinForm: Sendable, Equatable {
  /// Taken by the link for the first operator alone; an invitation has an address.
  package var email: String
  package var name: String
  package var password: String

  package init(email: String = "", name: String, password: String) {
    self.email = email
    self.name = name
    self.password = password
  }
}

/// What somebody who lost a password or a factor has filled in: what a reset link does not renew must still be proved.
package struct ResetForm: Sendable, Equatable {
  /// The password of before, where the factor is renewed; else the new one.
  package var password: String
  package var code: String

  package init(password: String, code: String = "") {
    self.password = password
    self.code = code
  }
}
