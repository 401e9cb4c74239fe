import DataModel
import JSON
import Objects

/// The schemas that every deployment has, whatever its data model.
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
      ("Direction", ["enum": ["1", "-1", "asc", "desc", "ASC", "DESC"], "examples": ["-1"]]),
      ("Location", location), ("LocationWrite", locationWrite), ("Attachment", attachment),
      ("AttachmentWrite", attachmentWrite), ("Error", error),
      (
        "Count", ["type": "object", "required": ["count"], "properties": ["count": ["type": "integer", "minimum": 0]]]
      ),
      ("Batch", batch), ("BatchOperation", operation), ("BatchAnswer", batchAnswer), ("DataModel", dataModel),
      ("Info", info), ("Indexes", indexes), ("Feed", feed),
    ] + users

  private static let location: JSONNode = [
    "type": "object", "required": .array(LocationPart.allCases.map { .text($0.rawValue) }),
    "properties": .object(
      LocationPart.allCases.map { part in
        if part == .timestamp { return ("timestamp", ["type": ["string", "null"], "format": "date-time"]) }
        let isNeeded = part == .latitude || part == .longitude
        return (part.rawValue, ["type": isNeeded ? "number" : ["number", "null"]])
      }),
  ]

  private static let locationWrite: JSONNode = [
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
      "state": ["enum": ["uploaded", "pending", "missing", "untrusted"]],
      "original": ["type": "string", "format": "uri"], "thumbnail": ["type": "string", "format": "uri"],
      "fullscreen": ["type": "string", "format": "uri"], "svg": ["type": "string", "format": "uri"],
    ],
  ]

  private static let attachmentWrite: JSONNode = [
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
        "enum": .array(ErrorType.allCases.map { .text($0.rawValue) }), "description": "Stable, and for programs.",
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
    "anyOf": [
      [
        "type": "object", "required": ["method", "object"],
        "properties": ["method": ["enum": ["post"]], "object": batchObject(needsID: false)],
      ],
      [
        "type": "object", "required": ["method", "object"],
        "properties": ["method": ["enum": ["put", "patch", "delete"]], "object": batchObject(needsID: true)],
      ],
    ],
  ]

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
        "items": [
          "type": "object", "required": ["method", "object", "success"],
          "properties": [
            "method": ["enum": ["post", "put", "patch", "delete"]],
            "object": [
              "type": "object", "required": ["type", "id"],
              "properties": ["type": ["type": "string"], "id": ["type": "string"]],
            ],
            "success": ["type": "boolean"], "error": FieldSchema.reference("Error"),
          ],
        ],
      ],
    ],
  ]
}
