import Wire

/// A session: one device that is or was signed in for an app user (users.md).
package struct UserSession: Sendable, Equatable {
  /// Also the user name of the device's credentials.
  package let id: ObjectID
  package private(set) var state: SessionState
  package var times: Times
  /// SHA-256 of the device's secret; nil where it never had one. It outlives `ENROLLED`, so that the device
  /// can be told why it may not come in.
  package var secretHash: [UInt8]?
  package var about: DeviceDescription
  /// The text of a JSON object.
  package var syncStatus: String?

  package init(
    id: ObjectID, state: SessionState, times: Times, secretHash: [UInt8]? = nil,
    about: DeviceDescription = DeviceDescription(), syncStatus: String? = nil
  ) {
    self.id = id
    self.state = state
    self.times = times
    self.secretHash = secretHash
    self.about = about
    self.syncStatus = syncStatus
  }

  /// The one way in which a state changes.
  mutating func move(to state: SessionState, at now: Instant) {
    if self.state == .enrolled, state != .enrolled { times.signedOutAt = now }
    self.state = state
  }
}

extension UserSession {
  /// When what happened to a session; nil for what has not happened.
  package struct Times: Sendable, Equatable {
    package let createdAt: Instant
    package var lastAuthenticatedAt: Instant?
    /// When it last ceased to be `ENROLLED`; it stays when the session enrols again.
    package fileprivate(set) var signedOutAt: Instant?
    package var lastConnectedAt: Instant?

    package init(
      createdAt: Instant, lastAuthenticatedAt: Instant? = nil, signedOutAt: Instant? = nil,
      lastConnectedAt: Instant? = nil
    ) {
      self.createdAt = createdAt
      self.lastAuthenticatedAt = lastAuthenticatedAt
      self.signedOutAt = signedOutAt
      self.lastConnectedAt = lastConnectedAt
    }
  }
}

/// What a device says of itself when it enrols. Nothing of it is trusted; it is shown to administrators.
package struct DeviceDescription: Sendable, Equatable {
  /// `device.id`, by which a device finds its old session again.
  package var deviceID: String?
  /// The texts of JSON objects.
  package var device: String?
  package var container: String?
  package var runtime: String?
  package var label: String?

  package init(
    deviceID: String? = nil, device: String? = nil, container: String? = nil, runtime: String? = nil,
    label: String? = nil
  ) {
    self.deviceID = deviceID
    self.device = device
    self.container = container
    self.runtime = runtime
    self.label = label
  }

  /// What it says, and where it says nothing, what was known of it.
  func completed(by known: DeviceDescription) -> DeviceDescription {
    DeviceDescription(
      deviceID: deviceID ?? known.deviceID, device: device ?? known.device, container: container ?? known.container,
      runtime: runtime ?? known.runtime, label: label ?? known.label)
  }
}
