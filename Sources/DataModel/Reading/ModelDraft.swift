/// A model as far as its own element tells: before names of other models are resolved.
///
/// It also holds what is wrong with it, so that one mistake does not set off findings elsewhere.
struct ModelDraft {
  /// A name that other parts of the document may refer to.
  enum Member {
    /// `type` is nil where it could not be read.
    case field(position: Int, type: FieldType?)
    /// `model` is nil where the attribute is missing.
    case belongsTo(position: Int, model: String?)
    case hasMany
  }

  struct FieldDraft {
    let element: XMLElement
    let name: String
    let label: String
    let type: FieldType?
    let subtype: TextSubtype?
    let options: [Option]
    let media: MediaType?
    let autoDownload: Bool?
  }

  struct Relationship {
    let element: XMLElement
    let name: String
    let model: String?
    /// Of a has-many only, and only when declared.
    var inverseOf: String?
  }

  let element: XMLElement
  let name: String
  let label: String
  let classification: Model.Classification?
  var fields: [FieldDraft] = []
  var belongsTo: [Relationship] = []
  var hasMany: [Relationship] = []
  var display: XMLElement?
  var indexes: [XMLElement] = []
  var notifications: [XMLElement] = []
  var webhooks: [XMLElement] = []
  var members: [String: Member] = [:]
  /// The names of its belongs-to towards each model.
  var belongsToByModel: [String: [String]] = [:]
  /// A field or relationship could not be read at all: an unknown name may be meant for it.
  var isIncomplete = false

  func hasBelongsTo(_ name: String, towards model: String) -> Bool {
    if case .belongsTo(_, let target)? = members[name] { target == model } else { false }
  }
}
