import JSON

/// What an import must know of a model, from `datamodel.json` (api.md section 12).
struct ModelDescription: Equatable {
  let name: String
  /// In the order of the model.
  let fields: [(name: String, type: String)]
  let relationships: [String]

  /// Finds the model in the answer; an unknown name is an error that lists the known ones.
  init(named name: String, in body: [UInt8]) throws(ImportError) {
    let document: JSONDocument
    do { document = try JSONDocument.read(body) } catch {
      throw .badAnswer("datamodel.json: \(error)")
    }
    guard let models = document.root["models"], models.isObject else {
      throw .badAnswer("datamodel.json has no 'models'; is the base URL that of a deployment?")
    }
    guard let model = models[name] else {
      throw .unknownModel(name, known: models.members.map(\.key))
    }
    self.name = name
    fields =
      (model["fields"]?.members).map { members in
        members.map { (name: $0.key, type: $0.value["type"]?.string ?? "") }
      } ?? []
    relationships = model["belongs_to"]?.members.map(\.key) ?? []
  }

  init(name: String, fields: [(name: String, type: String)], relationships: [String]) {
    self.name = name
    self.fields = fields
    self.relationships = relationships
  }

  static func == (left: ModelDescription, right: ModelDescription) -> Bool {
    left.name == right.name && left.relationships == right.relationships
      && left.fields.map(\.name) == right.fields.map(\.name)
      && left.fields.map(\.type) == right.fields.map(\.type)
  }

  /// What a column's cells become, by its heading; nil for an unknown one.
  func column(_ heading: String) -> ImportColumn? { columns.first { $0.heading == heading }?.column }

  /// Every heading that a file may have, in the order of the model.
  var columns: [(heading: String, column: ImportColumn)] {
    var columns: [(heading: String, column: ImportColumn)] = [("id", .id)]
    for (name, type) in fields {
      switch type {
      case "location":
        for part in LocationPart.allCases {
          columns.append(("\(name).\(part.rawValue)", .location(name, part)))
        }
      case "attachment", "photo", "signature": columns.append(("\(name)_id", .text("\(name)_id")))
      case "multiple-choice", "multiple-choice-integer": columns.append((name, .choices(name)))
      case "boolean": columns.append((name, .truth(name)))
      case "text": columns.append((name, .words(name)))
      case "track": columns.append((name, .json(name)))
      default: columns.append((name, .text(name)))
      }
    }
    return columns + relationships.map { ("\($0)_id", .text("\($0)_id")) }
  }
}

/// What the cells of a column become.
enum ImportColumn: Equatable {
  case id
  /// A JSON text; the server reads numbers, booleans and dates out of it.
  case text(String)
  /// The same, but a cell that is quoted and empty is empty text and not no value.
  case words(String)
  /// JSON as it stands.
  case json(String)
  /// An array of texts from `a|b`; a lone `|` is the empty array.
  case choices(String)
  /// A JSON text, but `1` is true and `0` false: the server reads these out of forms, and not out of JSON.
  case truth(String)
  /// A part of an object that several columns make up.
  case location(String, LocationPart)
  /// The reasons in a file of refused rows, which may be imported again after it was mended.
  case ignored
}

enum LocationPart: String, CaseIterable {
  case latitude, longitude, altitude
  case horizontalAccuracy = "horizontal_accuracy"
  case verticalAccuracy = "vertical_accuracy"
  case timestamp

  /// The others are JSON numbers.
  var isText: Bool { self == .timestamp }
}
