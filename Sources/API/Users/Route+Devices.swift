import Deployments
import HTTPServer

extension Route {
  /// Whether the devices of app users may use it, as far as `device_access` lets them (users.md).
  var isForDevices: Bool {
    switch name {
    case .listObjects, .countObjects, .searchObjects, .queryObjects, .getObject, .createObject, .patchObject,
      .putObject,
      .deleteObject, .batch, .dataModelJSON, .dataModelXML, .getAttachment, .createAttachment, .putAttachment:
      true
    case .info, .indexes, .oplog, .openAPI, .docs, .listUsers, .getUser, .getSession, .lockUser, .unlockUser,
      .reauthenticate, .wipe,
      .createAuthenticationToken, .reEnrol, .enrol:
      false
    }
  }

  /// Why a device may not use it; nil where it may.
  func refusal(ofDeviceIn deployment: Deployment, _ head: RequestHead) -> APIError? {
    if !isForDevices {
      return APIError(
        .permissionDenied,
        "A device cannot \(head.method.name) here: it may use objects, queries, batches, the data model and attachments."
      )
    }
    switch deployment.deviceAccess {
    case .all: return nil
    case .read:
      return writes
        ? APIError(
          .permissionDenied,
          "Devices may only read in this deployment: its setting device_access is read; all lets them write.") : nil
    case .none:
      return APIError(
        .permissionDenied,
        "Devices have no access in this deployment: its setting device_access is none; read and all give them access."
      )
    }
  }
}
