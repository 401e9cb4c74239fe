import Wire

/// What a mirror did.
package struct MirrorSummary: Sendable, Equatable {
  /// How often all objects were loaded, and how many they were the last time.
  package var loads = 0
  package var objects = 0
  /// Changes that were read after that.
  package var changes = 0
  /// Where it would read on.
  package var next = ""

  package init() {}

  /// One sentence, with the end of its line.
  package var text: String {
    func count(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }
    let loaded = loads > 0 ? "\(count(objects, "object")) loaded, " : ""
    return "Up to date: \(loaded)\(count(changes, "change")) read, next is \(next).\n"
  }

  /// One line, with its end.
  package var json: String {
    var out = ByteWriter()
    out.append("{\"loads\":")
    out.append(integer: Int64(loads))
    out.append(",\"objects_loaded\":")
    out.append(integer: Int64(objects))
    out.append(",\"changes\":")
    out.append(integer: Int64(changes))
    out.append(",\"next_request_start\":")
    out.append(quoted: next)
    out.append("}\n")
    return out.string
  }
}
