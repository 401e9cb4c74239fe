/// What devices of app users may do in a deployment: its setting `device_access` (users.md).
package enum DeviceAccess: String, Sendable, CaseIterable {
  case none, read, all
}
