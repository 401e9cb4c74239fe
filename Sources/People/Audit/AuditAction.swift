/// What the audit tells of.
package enum AuditAction: String, CaseIterable, Sendable {
  case signIn = "sign-in"
  case signOut = "sign-out"
  case elevate
  case endElevation = "end-elevation"
  case endSession = "end-session"
  case join
  case accept
  case reset
  case password
  case factor
  case recovery
  case createPerson = "create-person"
  case invite
  case resetLink = "reset-link"
  case withdrawLink = "withdraw-link"
  case removePerson = "remove-person"
  case roles
  /// A request that its person had no right to.
  case refusal
  case reveal
  case export
  case delete
  case credentials
  case webhook
  case appUser = "app-user"
  case deploy
  case settings
  case deployment
}
