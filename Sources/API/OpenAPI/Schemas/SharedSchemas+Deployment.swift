import DataModel
import JSON

/// `datamodel.json`, `info.json` and `indexes.json` (api.md section 12).
extension SharedSchemas {
  static let dataModel: JSONNode = [
    "type": "object", "required": ["models", "app_user", "datamodel_hash"],
    "properties": [
      "models": ["type": "object", "additionalProperties": FieldSchema.reference("ModelDescription")],
      "app_user": ["type": ["string", "null"]], "datamodel_hash": ["type": "string"],
    ],
  ]

  static let descriptions: [(key: String, value: JSONNode)] = [
    ("ModelDescription", model), ("FieldDescription", field), ("FieldDescriptions", map("FieldDescription")),
    ("OptionDescription", option), ("BelongsToDescription", relation(["name", "model"])),
    ("BelongsToDescriptions", map("BelongsToDescription")),
    ("HasManyDescription", relation(["name", "model", "inverse_of"])),
    ("HasManyDescriptions", map("HasManyDescription")), ("IndexDescription", index), ("FeedEntry", entry),
    ("FeedEntryState", state),
  ]

  private static let model: JSONNode = [
    "type": "object", "required": ["name", "label", "display", "fields", "belongs_to", "has_many"],
    "properties": [
      "name": ["type": "string"], "label": ["type": "string"], "display": ["type": "string"],
      "fields": FieldSchema.reference("FieldDescriptions"),
      "belongs_to": FieldSchema.reference("BelongsToDescriptions"),
      "has_many": FieldSchema.reference("HasManyDescriptions"),
    ],
  ]

  private static let field: JSONNode = [
    "type": "object", "required": ["name", "label", "type"],
    "properties": [
      "name": ["type": "string"], "label": ["type": "string"],
      "type": ["type": "string", "enum": .array(FieldType.allCases.map { .text($0.rawValue) })],
      "subtype": ["type": "string", "enum": .array(TextSubtype.allCases.map { .text($0.rawValue) })],
      "options": ["type": "array", "items": FieldSchema.reference("OptionDescription")],
    ],
  ]

  private static let option: JSONNode = [
    "type": "object", "required": ["key", "display"],
    "properties": [
      "key": ["anyOf": [["type": "string"], ["type": "integer"], ["type": "boolean"]]], "display": ["type": "string"],
    ],
  ]

  private static func relation(_ keys: [String]) -> JSONNode {
    [
      "type": "object", "required": .array(keys.map { .text($0) }),
      "properties": .object(keys.map { (key: $0, value: ["type": "string"]) }),
    ]
  }

  private static func map(_ schema: String) -> JSONNode {
    ["type": "object", "additionalProperties": FieldSchema.reference(schema)]
  }

  static let info: JSONNode = [
    "type": "object",
    "required": [
      "label", "app_label", "app_id", "org_id", "region", "environment", "last_deployed_at", "deployed_by_name",
      "deployed_by_email",
    ],
    "properties": [
      "label": ["type": ["string", "null"]], "app_label": ["type": ["string", "null"]],
      "app_id": ["type": ["string", "null"]], "org_id": ["type": ["string", "null"]],
      "region": ["type": ["string", "null"]],
      "environment": ["type": "string", "enum": ["testing", "staging", "production"]],
      "last_deployed_at": ["type": ["string", "null"], "format": "date-time"],
      "deployed_by_name": ["type": ["string", "null"]], "deployed_by_email": ["type": ["string", "null"]],
    ],
  ]

  static let indexes: JSONNode = [
    "type": "object", "required": ["models"],
    "properties": [
      "models": [
        "type": "object",
        "additionalProperties": [
          "type": "object", "required": ["indexes"],
          "properties": ["indexes": ["type": "array", "items": FieldSchema.reference("IndexDescription")]],
        ],
      ]
    ],
  ]

  private static let index: JSONNode = [
    "type": "object", "required": ["key", "name", "status", "type", "usage_stats"],
    "properties": [
      "key": ["type": "object", "additionalProperties": ["type": "integer", "enum": [1, -1]]],
      "name": ["type": "string"], "status": ["type": "string", "enum": ["ready", "pending"]],
      "type": ["type": "string", "enum": ["internal", "schema", "adhoc"]],
      "usage_stats": [
        "type": ["object", "null"], "required": ["queries", "since"],
        "properties": ["queries": ["type": "integer"], "since": ["type": "string", "format": "date-time"]],
      ],
    ],
  ]

  /// A page of the change feed (api.md section 11).
  static let feed: JSONNode = [
    "type": "object", "required": ["entries", "has_more", "next_request_start", "datamodel_hash"],
    "properties": [
      "entries": ["type": "array", "items": FieldSchema.reference("FeedEntry")], "has_more": ["type": "boolean"],
      "next_request_start": ["type": "string", "description": "The `start` of the request after this one."],
      "datamodel_hash": ["type": "string"],
    ],
  ]

  private static let entry: JSONNode = [
    "type": "object", "required": ["sequence", "sequence_id", "operation", "app_id", "events", "object"],
    "properties": [
      "sequence": ["type": "integer"], "sequence_id": ["type": "string"],
      "operation": ["type": "string", "enum": ["create", "update", "delete"]], "app_id": ["type": "string"],
      "events": ["type": "array", "items": ["type": "string"]],
      "object": FieldSchema.reference("FeedEntryState"),
    ],
  ]

  private static let state: JSONNode = [
    "type": "object", "required": ["id", "type", "updated_at"],
    "description": "After the operation; for a delete the last state. Under the data model in force.",
    "properties": [
      "id": FieldSchema.reference("Id"), "type": ["type": "string"], "updated_at": FieldSchema.reference("Time"),
    ],
  ]
}
