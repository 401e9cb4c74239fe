import DataModel

/// The names that generators give to what they make of operations.
///
/// On a model they are `verb_model`, as `get_flight`. All others begin with a noun that is none of these verbs,
/// so that no model's name makes the two the same, whatever the case of letters a generator turns them into: a
/// model `user` has `get_user`, and users of the app have `users_get`.
enum OperationID {
  static func of(_ name: Route.Name, on model: Model?) -> String {
    guard let model else { return deploymentWide(name) }
    let verb = name.rawValue.replacing("Objects", with: "").replacing("Object", with: "")
    return "\(verb)_\(model.name)"
  }

  private static func deploymentWide(_ name: Route.Name) -> String {
    switch name {
    case .batch: "batch_write"
    case .dataModelJSON: "datamodel_read"
    case .dataModelXML: "datamodel_read_xml"
    case .info: "info_read"
    case .indexes: "indexes_read"
    case .oplog: "oplog_read"
    case .openAPI: "openapi_read"
    case .docs: "docs_read"
    case .listUsers: "users_list"
    case .getUser: "users_get"
    case .lockUser: "users_lock"
    case .unlockUser: "users_unlock"
    case .createAuthenticationToken: "users_create_token"
    case .reEnrol: "users_re_enroll"
    case .getSession: "sessions_get"
    case .reauthenticate: "sessions_re_authenticate"
    case .wipe: "sessions_wipe"
    case .enrol: "devices_enroll"
    case .getAttachment: "attachments_get"
    case .createAttachment: "attachments_create"
    case .putAttachment: "attachments_put"
    case .listObjects, .countObjects, .searchObjects, .queryObjects, .getObject, .createObject, .patchObject,
      .putObject, .deleteObject:
      "objects_\(name.rawValue)"
    }
  }
}
