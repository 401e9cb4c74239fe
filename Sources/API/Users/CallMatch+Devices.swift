import Deployments
import HTTPServer

extension CallKind {
  /// Whether the devices of app users may use it, as far as `device_access` lets them (users.md).
  var isForDevices: Bool {
    switch self {
    case .object, .batch, .attachment, .deployment(.dataModelJSON), .deployment(.dataModelXML): true
    case .deployment(.info), .deployment(.indexes), .deployment(.oplog), .deployment(.openAPI), .deployment(.docs),
      .user:
      false
    }
  }
}

extension RouteMatch<CallKind> {
  /// Why a device may not use it; nil where it may.
  func refusal(ofDeviceIn deployment: Deployment, _ head: RequestHead) -> APIError? {
    if !kind.isForDevices {
      return APIError(
        .permissionDenied,
        "A device cannot \(head.method.name) here: it may use objects, queries, batches, the data model and attachments."
      )
    }
    switch deployment.deviceAccess {
    case .all: return nil
    case .read:
      return route.writes
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
