import Storage
import Wire

/// Users and sessions as the API prints them (users.md). Unset is null.
enum UserText {
  static func append(_ user: UserRecord, to writer: inout ByteWriter) {
    writer.append("{\"id\":\"")
    writer.append(id: user.id)
    writer.append("\",\"last_connected_at\":")
    append(user.lastConnectedAt, to: &writer)
    writer.append(",\"enrolled\":")
    writer.append(user.isEnrolled ? "true" : "false")
    writer.append(",\"locked\":")
    writer.append(user.isLocked ? "true" : "false")
    writer.append(",\"sessions\":[")
    for (index, session) in user.sessions.enumerated() {
      if index > 0 { writer.append(",") }
      append(session, to: &writer)
    }
    writer.append("]}")
  }

  static func append(_ session: UserSession, to writer: inout ByteWriter) {
    writer.append("{\"id\":\"")
    writer.append(id: session.id)
    writer.append("\",\"state\":")
    writer.append(quoted: session.state.rawValue)
    writer.append(",\"created_at\":")
    append(session.times.createdAt, to: &writer)
    writer.append(",\"last_authenticated_at\":")
    append(session.times.lastAuthenticatedAt, to: &writer)
    writer.append(",\"signed_out_at\":")
    append(session.times.signedOutAt, to: &writer)
    writer.append(",\"last_connected_at\":")
    append(session.times.lastConnectedAt, to: &writer)
    writer.append(",\"container\":")
    writer.append(text: session.about.container ?? "null")
    writer.append(",\"runtime\":")
    writer.append(text: session.about.runtime ?? "null")
    writer.append(",\"device\":")
    writer.append(text: session.about.device ?? "null")
    writer.append(",\"label\":")
    if let label = session.about.label { writer.append(quoted: label) } else { writer.append("null") }
    writer.append(",\"sync_status\":")
    writer.append(text: session.syncStatus ?? "null")
    writer.append("}")
  }

  private static func append(_ instant: Instant?, to writer: inout ByteWriter) {
    guard let instant else { return writer.append("null") }
    writer.append("\"")
    writer.append(instant: instant)
    writer.append("\"")
  }
}
