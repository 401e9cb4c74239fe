extension UserRoute {
  var description: RouteDescription {
    switch self {
    case .get: RouteDescription("Reads an app user", "Also of a user whose object was deleted.", answer: .user)
    case .getSession: RouteDescription("Reads a session of an app user", answer: .session)
    case .lock:
      RouteDescription(
        "Locks an app user",
        "Sessions that are `ENROLLED` become `LOCKED`. Nothing of the user's devices is written from then on.",
        answer: .user)
    case .unlock:
      RouteDescription(
        "Unlocks an app user", "Sessions stay as they are: devices sign in again with a fresh token.", answer: .user)
    case .reauthenticate:
      RouteDescription(
        "Signs a session out", "It becomes `LOCKED`; the device keeps its data and must sign in again.",
        answer: .session)
    case .wipe:
      RouteDescription(
        "Has a device erased", "The session becomes `RESET`: the device erases its data when it connects next.",
        answer: .session)
    case .createToken:
      RouteDescription(
        "Makes a token with which a device signs in", "It works once and for a time. `url` is a page that shows it.",
        answer: .authenticationToken)
    case .reEnrol:
      RouteDescription(
        "Resets the sessions of an app user",
        "Deprecated: it is there only where the deployment's setting `single_device_enrollment` is true, and for the app-user model alone.",
        answer: .success)
    case .list:
      RouteDescription(
        "Lists app users", "In the order in which their objects were created.", parameters: [.limit, .skip, .total],
        answer: .users)
    }
  }
}

extension RouteDescription {
  static let enrolment = RouteDescription(
    "Signs a device in",
    "Without credentials, by a token. The same `device.id` of the same user signs in to its old session again. The device then calls with Basic `enrollment_id:auth_token` and the header `Journey-Authentication-Type: Device`.",
    answer: .enrolment, isExtension: true)
}
