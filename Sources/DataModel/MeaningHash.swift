import Crypto
import Wire

/// SHA-256 over a canonical rendering of models: `datamodel_hash` (api.md section 12).
///
/// Each value is written as a letter that says what it is, its length and its bytes, so no two
/// different models have one rendering. Names that the reader resolves by default are written as
/// resolved. A change of this rendering changes the hash of every deployment: raise `version` then.
struct MeaningHash {
  private static let version = "sojourn data model 1"

  private var bytes: [UInt8] = []

  static func of(_ models: [Model]) -> String {
    var rendering = MeaningHash()
    rendering.put("V", version)
    for model in models { rendering.put(model) }
    return rendering.digest()
  }

  private mutating func put(_ kind: Character, _ value: String?) {
    guard let value else { return }
    bytes.append(contentsOf: "\(kind)\(value.utf8.count):".utf8)
    bytes.append(contentsOf: value.utf8)
  }

  private mutating func put(_ model: Model) {
    put("M", model.name)
    put("l", model.label)
    put("c", model.classification?.rawValue)
    for field in model.fields { put(field) }
    for relationship in model.belongsTo {
      put("B", relationship.name)
      put("m", relationship.model)
    }
    for view in model.hasMany {
      put("H", view.name)
      put("m", view.model)
      put("i", view.inverseOf)
    }
    put("D", model.display.text)
    // The order of these has no effect.
    for index in model.indexes.map(Self.rendering(of:)).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      bytes += index
    }
    for notification in model.notifyUsers {
      put("N", notification.recipient)
      put("t", notification.message.text)
      put("r", notification.receivedField)
      put("b", notification.badgeCountField)
    }
    for webhook in model.webhooks.sorted(by: { $0.name < $1.name }) { put(webhook) }
  }

  private static func rendering(of index: IndexDeclaration) -> [UInt8] {
    var rendering = MeaningHash()
    rendering.put("I", index.name)
    rendering.put("d", String(index.databases.rawValue))
    for key in index.keys { rendering.put(key.descending ? "-" : "+", key.name) }
    return rendering.bytes
  }

  private mutating func put(_ field: Field) {
    put("F", field.name)
    put("l", field.label)
    put("t", field.type.rawValue)
    put("s", field.subtype?.rawValue)
    put("a", field.media?.rawValue)
    put("w", field.autoDownload.map { $0 ? "true" : "false" })
    for option in field.options {
      put("o", option.key.description)
      put("l", option.label)
    }
  }

  private mutating func put(_ webhook: WebhookDeclaration) {
    put("W", webhook.name)
    put("k", webhook.kind.rawValue)
    put("v", webhook.receiver?.rawValue)
    put("x", webhook.action)
    for condition in webhook.conditions {
      put(condition.required ? "R" : "O", condition.name)
      put("e", condition.embed ? "true" : nil)
      put("u", condition.state == .uploaded ? "true" : nil)
    }
  }

  private func digest() -> String { Hex.encode(SHA256.hash(bytes)) }
}
