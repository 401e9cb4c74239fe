import JSON
import Storage

/// App users and their devices (users.md).
extension SharedSchemas {
  static let users: [(key: String, value: JSONNode)] = [
    ("User", user), ("Session", session), ("Users", list), ("AuthenticationToken", token), ("Enrolment", enrolment),
    ("EnrolledDevice", device),
    (
      "Success",
      ["type": "object", "required": ["success"], "properties": ["success": ["type": "boolean", "const": true]]]
    ),
  ]

  private static let time: JSONNode = ["anyOf": [FieldSchema.reference("Time"), ["type": "null"]]]
  private static let details: JSONNode = ["type": ["object", "null"]]

  private static let user: JSONNode = [
    "type": "object", "required": ["id", "last_connected_at", "enrolled", "locked", "sessions"],
    "properties": [
      "id": FieldSchema.reference("Id"), "last_connected_at": time,
      "enrolled": ["type": "boolean", "description": "Whether some session is ENROLLED."],
      "locked": ["type": "boolean"], "sessions": ["type": "array", "items": FieldSchema.reference("Session")],
    ],
  ]

  private static let session: JSONNode = [
    "type": "object",
    "required": [
      "id", "state", "created_at", "last_authenticated_at", "signed_out_at", "last_connected_at", "container",
      "runtime", "device", "label", "sync_status",
    ],
    "properties": [
      "id": FieldSchema.reference("Id"),
      "state": ["type": "string", "enum": .array(SessionState.allCases.map { .text($0.rawValue) })], "created_at": time,
      "last_authenticated_at": time, "signed_out_at": time, "last_connected_at": time, "container": details,
      "runtime": details, "device": details, "label": ["type": ["string", "null"]], "sync_status": details,
    ],
  ]

  private static let list: JSONNode = [
    "type": "object", "required": ["objects", "count", "more"],
    "properties": [
      "objects": ["type": "array", "items": FieldSchema.reference("User")],
      "count": ["type": "integer", "minimum": 0], "total": ["type": "integer", "minimum": 0],
      "more": ["type": "boolean"],
    ],
  ]

  private static let token: JSONNode = [
    "type": "object", "required": ["token", "url", "expires_at"],
    "properties": [
      "token": ["type": "string"], "url": ["type": "string", "format": "uri"],
      "expires_at": FieldSchema.reference("Time"),
    ],
  ]

  private static let enrolment: JSONNode = [
    "type": "object", "required": ["token"],
    "properties": [
      "token": ["type": "string", "minLength": 1, "maxLength": .integer(Int64(EnrolmentBody.mostCharacters))],
      "device": [
        "type": ["object", "null"],
        "properties": [
          "id": [
            "type": ["string", "null"], "minLength": 1, "maxLength": .integer(Int64(EnrolmentBody.mostCharacters)),
          ]
        ],
      ],
      "label": ["type": ["string", "null"], "maxLength": .integer(Int64(EnrolmentBody.mostCharacters))],
      "container": details, "runtime": details,
    ],
  ]

  private static let device: JSONNode = [
    "type": "object", "required": ["enrollment_id", "auth_token", "user_id", "session_id"],
    "properties": [
      "enrollment_id": FieldSchema.reference("Id"), "auth_token": ["type": "string"],
      "user_id": FieldSchema.reference("Id"), "session_id": FieldSchema.reference("Id"),
    ],
  ]
}

/// App users in examples.
enum UserExample {
  static let session = "77aa3d0e-2f4b-4c57-9a43-0c8f5d1b6e20"

  static let enrolment: JSONNode = [
    "token": "…", "device": ["id": "tablet-7"], "label": "Ada's tablet",
    "container": ["version": "4.87.1", "platform": "IOS"],
  ]

  static func answer(_ answer: RouteDescription.Answer) -> JSONNode? {
    switch answer {
    case .user: user
    case .users: ["objects": [user], "count": 1, "total": 1, "more": false]
    case .session: oneSession
    case .authenticationToken:
      [
        "token": "…", "url": "https://flights.example.org/enroll/5f0d4c1e0f434f528b0c6d0f#…",
        "expires_at": .text(ModelExample.time),
      ]
    case .success: ["success": true]
    default: nil
    }
  }

  private static let user: JSONNode = [
    "id": .text(ModelExample.id), "last_connected_at": .text(ModelExample.time), "enrolled": true, "locked": false,
    "sessions": [oneSession],
  ]

  private static let oneSession: JSONNode = [
    "id": .text(session), "state": "ENROLLED", "created_at": .text(ModelExample.time),
    "last_authenticated_at": .text(ModelExample.time), "signed_out_at": .null,
    "last_connected_at": .text(ModelExample.time), "container": ["version": "4.87.1", "platform": "IOS"],
    "runtime": .null, "device": ["id": "tablet-7"], "label": "Ada's tablet", "sync_status": .null,
  ]
}
