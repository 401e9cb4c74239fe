import JSON
import Storage
import Wire

/// What a device has said of itself, so far as it is what devices say. Nothing of it is trusted.
struct DeviceFacts: Sendable, Equatable {
  var version: String?
  var bundle: String?
  var platform: String?
  var runtime: String?
  var device: String?
  var label: String?
  var lastFullSync: String?

  /// Bytes of one answer.
  private static let most = 200

  init(_ session: UserSession) {
    let about = session.about
    let container = Self.texts(about.container)
    version = container["version"]
    bundle = container["bundle_id"]
    platform = container["platform"]
    runtime = Self.texts(about.runtime)["version"]
    device = about.deviceID.map { CutText.cut($0, to: Self.most) }
    label = about.label.map { CutText.cut($0, to: Self.most) }
    lastFullSync = Self.texts(session.syncStatus)["last_full_sync"]
  }

  /// The texts of an object.
  private static func texts(_ json: String?) -> [String: String] {
    guard let json, let root = try? JSONDocument.read(json).root, root.isObject else { return [:] }
    var texts: [String: String] = [:]
    for member in root.members {
      if let text = member.value.string { texts[member.key] = CutText.cut(text, to: most) }
    }
    return texts
  }

  /// In a line.
  var words: String {
    [label, platform, version, bundle].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ", ")
  }
}
