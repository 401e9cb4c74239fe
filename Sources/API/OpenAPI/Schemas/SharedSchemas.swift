import DataModel
import JSON
import Objects

/// The schemas that every deployment has, whatever its data model.
///
/// Generators call classes after them, and after members whose schema has no name of its own. None of these
/// names may be a model's with one of `ModelSchemas`' words behind it: a model `feed_entry` has a
/// `feed_entry.object`, so the object of a `FeedEntry` is a schema with another name.
enum SharedSchemas {
  static let all: [(key: String, value: JSONNode)] =
    [
      (
        "Id",
        [
          "type": "string", "description": "A UUID in lower case, of any version.",
          "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
          "examples": [.text(ModelExample.id)],
        ]
      ),
      (
        "Time",
        [
          "type": "string", "format": "date-time", "description": "UTC, whole seconds.",
          "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
          "examples": [.text(ModelExample.time)],
        ]
      ),
      (
        "Direction",
        [
          "type": "string", "enum": ["asc", "desc"], "examples": ["desc"],
          "description": "`1` and `-1` mean the same, and so do capital letters.",
        ]
      ),
      ("TextChoice", choice("string")), ("IntegerChoice", choice("integer")), ("BooleanChoice", choice("boolean")),
      ("Location", location), ("LocationInput", locationInput), ("Attachment", attachment),
      ("AttachmentInput", attachmentInput),
      ("AttachmentId", ["type": "object", "required": ["id"], "properties": ["id": FieldSchema.reference("Id")]]),
      ("Error", error),
      (
        "Count", ["type": "object", "required": ["count"], "properties": ["count": ["type": "integer", "minimum": 0]]]
      ),
      ("Batch", batch), ("BatchOperation", operation),
      ("BatchPost", batchOperation(["post"], "BatchPostBody")),
      ("BatchChange", batchOperation(["put", "patch", "delete"], "BatchChangeBody")),
      ("BatchPostBody", batchObject(needsID: false)), ("BatchChangeBody", batchObject(needsID: true)),
      ("BatchAnswer", batchAnswer), ("BatchResult", batchResult),
      (
        "BatchResultTarget",
        [
          "type": "object", "required": ["type", "id"],
          "properties": ["type": ["type": "string"], "id": ["type": "string"]],
        ]
      ), ("DataModel", dataModel),
      ("Info", info), ("Indexes", indexes), ("Feed", feed),
    ] + users + descriptions + ErrorResponses.schemas

  /// `{"key", "display"}`. A key whose option was removed from the model is still there, so that the options are
  /// no closed list in answers.
  private static func choice(_ type: JSONNode) -> JSONNode {
    [
      "type": "object", "required": ["key", "display"],
      "properties": [
        "key": ["type": type], "display": ["type": "string", "description": "The label that people see."],
      ],
    ]
  }

  private static let location: JSONNode = [
    "type": "object", "required": .array(LocationPart.allCases.map { .text($0.rawValue) }),
    "properties": .object(
      LocationPart.allCases.map { part in
        if part == .timestamp { return ("timestamp", ["type": ["string", "null"], "format": "date-time"]) }
        let isNeeded = part == .latitude || part == .longitude
        return (part.rawValue, ["type": isNeeded ? "number" : ["number", "null"]])
      }),
  ]

  private static let locationInput: JSONNode = [
    "type": "object", "required": ["latitude", "longitude"], "additionalProperties": false,
    "description": """
    Or an array of the six in this order, null where unknown. In an array null for latitude or longitude is 0, and \
    null for all six is no location.
    """,
    "properties": [
      "latitude": ["type": "number", "minimum": -90, "maximum": 90],
      "longitude": ["type": "number", "minimum": -180, "maximum": 180],
      "altitude": ["type": ["number", "null"]],
      "horizontal_accuracy": ["type": ["number", "null"]],
      "vertical_accuracy": ["type": ["number", "null"]],
      "timestamp": ["type": ["string", "null"], "format": "date-time"],
    ],
  ]

  private static let attachment: JSONNode = [
    "type": "object", "required": ["state"],
    "description": "URLs are there for uploaded attachments alone, and need no credentials.",
    "properties": [
      "state": ["type": "string", "enum": ["uploaded", "pending", "missing", "untrusted"]],
      "original": ["type": "string", "format": "uri"], "thumbnail": ["type": "string", "format": "uri"],
      "fullscreen": ["type": "string", "format": "uri"], "svg": ["type": "string", "format": "uri"],
    ],
  ]

  private static let attachmentInput: JSONNode = [
    "type": "object", "required": ["base64"], "additionalProperties": false,
    "description": "Bytes to be kept. Not together with an id of the same field.",
    "properties": [
      "base64": [
        "type": "string", "contentEncoding": "base64",
        "description": "Standard base64, padded, without line breaks. What the bytes are is checked against the field.",
      ],
      "filename": [
        "type": ["string", "null"], "maxLength": 255, "pattern": "^[a-z0-9_. -]*[a-z0-9_ -][a-z0-9_. -]*$",
      ],
    ],
  ]

  private static let error: JSONNode = [
    "type": "object", "required": ["type", "title", "detail", "see"],
    "properties": [
      "type": [
        "type": "string", "enum": .array(ErrorType.allCases.map { .text($0.rawValue) }),
        "description": "Stable, and for programs.",
      ],
      "title": ["type": "string", "description": "One sentence for each type."],
      "detail": ["type": "string", "description": "What exactly was wrong, for people."],
      "see": ["type": "string", "format": "uri", "description": "A page about the type."],
    ],
  ]

  // MARK: Batch

  private static let batch: JSONNode = [
    "type": "object", "required": ["operations"],
    "properties": [
      "operations": [
        "type": "array", "maxItems": .integer(Int64(Batch.limit)), "items": FieldSchema.reference("BatchOperation"),
      ],
      "stop_on_error": [
        "type": "boolean", "default": false,
        "description": "After the first failure nothing more is done; what came before stays.",
      ],
      "atomic": [
        "type": "boolean", "default": false, "description": "All or nothing.", "x-sojourn-extension": true,
      ],
      "dry_run": [
        "type": "boolean", "default": false, "description": "The answer as if done; nothing is written.",
        "x-sojourn-extension": true,
      ],
    ],
  ]

  private static let operation: JSONNode = [
    "description":
      "An object of the wrong form makes the whole batch 400. What the data model refuses is a failure of its operation alone.",
    "anyOf": [FieldSchema.reference("BatchPost"), FieldSchema.reference("BatchChange")],
  ]

  private static func batchOperation(_ methods: JSONNode, _ object: String) -> JSONNode {
    [
      "type": "object", "required": ["method", "object"],
      "properties": [
        "method": ["type": "string", "enum": methods], "object": FieldSchema.reference(object),
        "if_match": [
          "type": ["string", "null"], "pattern": #"^(\*|[0-9]{1,19})$"#, "x-sojourn-extension": true,
          "description": "The sequence of the object's last write; `*`: it exists. Else the operation is a CONFLICT.",
        ],
        "if_none_match": [
          "type": ["string", "null"], "pattern": #"^\*$"#, "x-sojourn-extension": true,
          "description": "`*`: the object does not exist. Else the operation is a CONFLICT.",
        ],
      ],
    ]
  }

  private static func batchObject(needsID: Bool) -> JSONNode {
    [
      "type": "object", "required": needsID ? ["type", "id"] : ["type"],
      "description": "Fields stand directly beside type and id.",
      "properties": [
        "type": ["type": "string", "description": "The model's name."],
        "id": ["type": needsID ? "string" : ["string", "null"]],
      ],
    ]
  }

  private static let batchAnswer: JSONNode = [
    "type": "object", "required": ["stop_on_error", "operations"],
    "properties": [
      "stop_on_error": ["type": "boolean"],
      "operations": [
        "type": "array",
        "items": FieldSchema.reference("BatchResult"),
      ],
    ],
  ]

  private static let batchResult: JSONNode = [
    "type": "object", "required": ["method", "object", "success"],
    "properties": [
      "method": ["type": "string", "enum": ["post", "put", "patch", "delete"]],
      "object": FieldSchema.reference("BatchResultTarget"),
      "success": ["type": "boolean"], "error": FieldSchema.reference("Error"),
    ],
  ]
}
