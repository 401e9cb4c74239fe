/// What a session of an app user may do (users.md).
package enum SessionState: String, Sendable, CaseIterable {
  /// Its device is signed in.
  case enrolled = "ENROLLED"
  /// The device keeps its data and must sign in again.
  case locked = "LOCKED"
  /// The device must erase its data when it connects next.
  case reset = "RESET"
  /// Of imported data alone: it never was signed in.
  case neverEnrolled = "NEVER_ENROLLED"
}
