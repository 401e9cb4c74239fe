import JSON
import QueryLanguage
import Storage
import Wire

/// What a device sends to enrol (users.md «Devices»). It comes from anybody: all of it is bounded.
struct EnrolmentBody {
  let token: String
  let about: DeviceDescription

  /// Bytes of the whole body.
  static let mostBytes = 64 << 10
  /// Characters of `token`, `device.id` and `label`.
  static let mostCharacters = 200
  /// Bytes of each of `device`, `container` and `runtime`, as written.
  private static let mostObjectBytes = 4 << 10

  /// - Throws: `APIError` with status 400, or 422 for half of a surrogate pair.
  init(_ root: JSONValue) throws(APIError) {
    guard root.isObject else {
      throw APIError(
        .invalidRequest,
        "The body is to be an object such as {\"token\": \"…\", \"device\": {\"id\": \"…\"}, \"label\": \"…\"}.")
    }
    guard let token = try Self.text(root["token"], "token", most: Self.mostCharacters), !token.isEmpty else {
      throw APIError(.invalidRequest, "token is missing: the enrolment token of the app user.")
    }
    self.token = token
    let device = try Self.object(root["device"], "device")
    let deviceID = try Self.text(device?["id"], "device.id", most: Self.mostCharacters)
    if deviceID == "" { throw APIError(.invalidRequest, "device.id is empty.") }
    about = DeviceDescription(
      deviceID: deviceID, device: device?.rawText, container: try Self.object(root["container"], "container")?.rawText,
      runtime: try Self.object(root["runtime"], "runtime")?.rawText,
      label: try Self.text(root["label"], "label", most: Self.mostCharacters))
  }

  /// Null is as good as absent.
  private static func text(_ value: JSONValue?, _ name: String, most: Int) throws(APIError) -> String? {
    guard let value, !value.isNull else { return nil }
    guard let text = value.string else {
      throw APIError(.invalidRequest, "\(name) takes a text, not \(CutText.cut(value.rawText)).")
    }
    guard text.unicodeScalars.count <= most else {
      throw APIError(.invalidRequest, "\(name) has at most \(most) characters, not \(text.unicodeScalars.count).")
    }
    try checkPairs(value, name)
    return text
  }

  private static func object(_ value: JSONValue?, _ name: String) throws(APIError) -> JSONValue? {
    guard let value, !value.isNull else { return nil }
    guard value.isObject else {
      throw APIError(.invalidRequest, "\(name) takes an object, not \(CutText.cut(value.rawText)).")
    }
    let bytes = value.withRawText { $0.count }
    guard bytes <= mostObjectBytes else {
      throw APIError(.invalidRequest, "\(name) has at most \(mostObjectBytes) bytes, not \(bytes).")
    }
    try checkPairs(value, name)
    return value
  }

  private static func checkPairs(_ value: JSONValue, _ name: String) throws(APIError) {
    guard value.holdsLoneSurrogate else { return }
    throw APIError(.invalidValue, "\(name): \(ClientValue.json(value).shown) is refused: \(FieldValue.loneSurrogate).")
  }
}
