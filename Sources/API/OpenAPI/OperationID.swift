import DataModel

/// The names that generators give to what they make of operations.
///
/// On a model they are `verb_model`, as `get_flight`. All others begin with a noun that is none of these verbs,
/// so that no model's name makes the two the same, whatever the case of letters a generator turns them into: a
/// model `user` has `get_user`, and users of the app have `users_get`.
enum OperationID {
  static func of(_ kind: RouteKind, on model: Model?) -> String {
    switch kind {
    case .open(.enrol): "devices_enroll"
    case .open(.download): "attachments_get"
    case .call(.object(let route)): "\(verb(route))_\(model?.name ?? "object")"
    case .call(.batch): "batch_write"
    case .call(.user(let route)): id(route)
    case .call(.deployment(let route)): id(route)
    case .call(.attachment(.create)): "attachments_create"
    case .call(.attachment(.put)): "attachments_put"
    }
  }

  private static func verb(_ route: ObjectRoute) -> String {
    route.rawValue.replacing("Objects", with: "").replacing("Object", with: "")
  }

  private static func id(_ route: UserRoute) -> String {
    switch route {
    case .list: "users_list"
    case .get: "users_get"
    case .lock: "users_lock"
    case .unlock: "users_unlock"
    case .createToken: "users_create_token"
    case .reEnrol: "users_re_enroll"
    case .getSession: "sessions_get"
    case .reauthenticate: "sessions_re_authenticate"
    case .wipe: "sessions_wipe"
    }
  }

  private static func id(_ route: DeploymentRoute) -> String {
    switch route {
    case .dataModelJSON: "datamodel_read"
    case .dataModelXML: "datamodel_read_xml"
    case .info: "info_read"
    case .indexes: "indexes_read"
    case .oplog: "oplog_read"
    case .openAPI: "openapi_read"
    case .docs: "docs_read"
    }
  }
}
