import DataModel
import JSON

/// `datamodel.json`, `info.json` and `indexes.json` (api.md section 12).
extension SharedSchemas {
  static let dataModel: JSONNode = [
    "type": "object", "required": ["models", "app_user", "datamodel_hash"],
    "properties": [
      "models": ["type": "object", "additionalProperties": model],
      "app_user": ["type": ["string", "null"]], "datamodel_hash": ["type": "string"],
    ],
  ]

  private static let model: JSONNode = [
    "type": "object", "required": ["name", "label", "display", "fields", "belongs_to", "has_many"],
    "properties": [
      "name": ["type": "string"], "label": ["type": "string"], "display": ["type": "string"],
      "fields": ["type": "object", "additionalProperties": field],
      "belongs_to": relations(["name", "model"]), "has_many": relations(["name", "model", "inverse_of"]),
    ],
  ]

  private static let field: JSONNode = [
    "type": "object", "required": ["name", "label", "type"],
    "properties": [
      "name": ["type": "string"], "label": ["type": "string"],
      "type": ["enum": .array(FieldType.allCases.map { .text($0.rawValue) })],
      "subtype": ["enum": .array(TextSubtype.allCases.map { .text($0.rawValue) })],
      "options": [
        "type": "array",
        "items": [
          "type": "object", "required": ["key", "display"],
          "properties": ["key": ["type": ["string", "integer", "boolean"]], "display": ["type": "string"]],
        ],
      ],
    ],
  ]

  private static func relations(_ keys: [String]) -> JSONNode {
    [
      "type": "object",
      "additionalProperties": [
        "type": "object", "required": .array(keys.map { .text($0) }),
        "properties": .object(keys.map { (key: $0, value: ["type": "string"]) }),
      ],
    ]
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
      "region": ["type": ["string", "null"]], "environment": ["enum": ["testing", "staging", "production"]],
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
          "type": "object", "required": ["indexes"], "properties": ["indexes": ["type": "array", "items": index]],
        ],
      ]
    ],
  ]

  private static let index: JSONNode = [
    "type": "object", "required": ["key", "name", "status", "type", "usage_stats"],
    "properties": [
      "key": ["type": "object", "additionalProperties": ["enum": [1, -1]]], "name": ["type": "string"],
      "status": ["enum": ["ready", "pending"]], "type": ["enum": ["internal", "schema", "adhoc"]],
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
      "entries": ["type": "array", "items": entry], "has_more": ["type": "boolean"],
      "next_request_start": ["type": "string", "description": "The `start` of the request after this one."],
      "datamodel_hash": ["type": "string"],
    ],
  ]

  private static let entry: JSONNode = [
    "type": "object", "required": ["sequence", "sequence_id", "operation", "app_id", "events", "object"],
    "properties": [
      "sequence": ["type": "integer"], "sequence_id": ["type": "string"],
      "operation": ["enum": ["create", "update", "delete"]], "app_id": ["type": "string"],
      "events": ["type": "array"],
      "object": [
        "type": "object", "required": ["id", "type", "updated_at"],
        "description": "After the operation; for a delete the last state. Under the data model in force.",
        "properties": [
          "id": FieldSchema.reference("Id"), "type": ["type": "string"], "updated_at": FieldSchema.reference("Time"),
        ],
      ],
    ],
  ]
}
