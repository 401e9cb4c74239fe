/// What a route is about. Each kind has a handler of its own, which takes all routes of its kind and no others.
package enum RouteKind: Sendable, Hashable {
  /// Without the deployment's credentials.
  case open(OpenRoute)
  /// With them.
  case call(CallKind)

  package var name: String {
    switch self {
    case .open(let route): route.rawValue
    case .call(.object(let route)): route.rawValue
    case .call(.batch): "batch"
    case .call(.user(let route)): route.rawValue
    case .call(.deployment(let route)): route.rawValue
    case .call(.attachment(let route)): route.rawValue
    }
  }
}

/// Routes that carry their own right: a token of enrolment, or an address that was handed out.
package enum OpenRoute: String, Sendable, CaseIterable {
  case enrol
  case download = "getAttachment"
}

/// What callers ask of a deployment.
package enum CallKind: Sendable, Hashable {
  /// Of one model.
  case object(ObjectRoute)
  case batch
  case user(UserRoute)
  case deployment(DeploymentRoute)
  case attachment(AttachmentRoute)
}

package enum ObjectRoute: String, Sendable, CaseIterable {
  case list = "listObjects"
  case count = "countObjects"
  case search = "searchObjects"
  case query = "queryObjects"
  case create = "createObject"
  case get = "getObject"
  case patch = "patchObject"
  case put = "putObject"
  case delete = "deleteObject"
}

package enum UserRoute: String, Sendable, CaseIterable {
  case list = "listUsers"
  case get = "getUser"
  case lock = "lockUser"
  case unlock = "unlockUser"
  case createToken = "createAuthenticationToken"
  case reEnrol
  case getSession
  case reauthenticate
  case wipe
}

package enum DeploymentRoute: String, Sendable, CaseIterable {
  case dataModelJSON, dataModelXML, info, indexes, oplog, openAPI, docs
}

package enum AttachmentRoute: String, Sendable, CaseIterable {
  case create = "createAttachment"
  case put = "putAttachment"
}
