import JSON
import Wire

/// How far a mirror has come, as its `state.json` keeps it.
///
/// The model files hold at least every change below `next`, and may hold later ones: a mirror that was
/// killed goes on from `next`, and applying a change twice is applying it once.
struct MirrorState: Equatable, Sendable {
  /// The deployment, so that a directory is not filled from two. Its address may change.
  var deployment: String
  /// The id of the feed; nil from servers that do not say one.
  var feedID: String?
  /// The hash of the data model under which the objects were printed.
  var dataModelHash: String
  /// Where the feed is to be read on.
  var next: String
  /// The models, each with a file.
  var models: [String]
  /// Models of earlier data models, whose files are to go.
  var former: [String] = []

  var text: String {
    var writer = ByteWriter(capacity: 512)
    writer.append("{\"deployment\":")
    writer.append(quoted: deployment)
    writer.append(",\"feed\":")
    if let feedID { writer.append(quoted: feedID) } else { writer.append("null") }
    writer.append(",\"datamodel_hash\":")
    writer.append(quoted: dataModelHash)
    writer.append(",\"next_request_start\":")
    writer.append(quoted: next)
    Self.append("models", models, to: &writer)
    Self.append("former", former, to: &writer)
    writer.append("}\n")
    return writer.string
  }

  private static func append(_ key: StaticString, _ names: [String], to writer: inout ByteWriter) {
    writer.append(",\"")
    writer.append(key)
    writer.append("\":[")
    for (index, name) in names.enumerated() {
      if index > 0 { writer.append(",") }
      writer.append(quoted: name)
    }
    writer.append("]")
  }

  init(
    deployment: String, feedID: String?, dataModelHash: String, next: String, models: [String], former: [String] = []
  ) {
    self.deployment = deployment
    self.feedID = feedID
    self.dataModelHash = dataModelHash
    self.next = next
    self.models = models
    self.former = former
  }

  /// Nil where the text is no state.
  init?(text: String) {
    guard let root = try? JSONDocument.read(text).root, let deployment = root["deployment"]?.string,
      let hash = root["datamodel_hash"]?.string, let next = root["next_request_start"]?.string,
      let models = root["models"]?.elements.map({ $0.string ?? "" }),
      let former = root["former"]?.elements.map({ $0.string ?? "" }),
      (models + former).allSatisfy(Self.isModelName)
    else { return nil }
    self.init(
      deployment: deployment, feedID: root["feed"]?.string, dataModelHash: hash, next: next, models: models,
      former: former)
  }

  /// Whether a name can be a model's, and so the name of a file: nothing else is ever opened or removed.
  static func isModelName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 200
      && name.utf8.allSatisfy {
        ($0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z")) || ($0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z"))
          || ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")) || $0 == UInt8(ascii: "_")
      }
  }
}
