import DataModel
import Objects
import People
import Storage
import Web
import Wire

/// The masked fields of an object's page: a button that reveals each, or its value while it is shown.
struct RevealHTML: Sendable {
  let route: Route
  let ticket: String
  let shown: RevealedFields

  /// The input that names the field.
  static let field = "field"

  func html(of column: StoredColumn) -> HTML {
    guard let field = shown[column.name] else {
      return form(.class("inline"), .method(.post), .action(route)) {
        input(.type(.hidden), .name(PostForm.ticket), .value(ticket))
        input(.type(.hidden), .name(Self.field), .value(column.name))
        HTML.written(ValueHTML.masked)
        button(.type(.submit), .class("small"), .aria("label", "Reveal \(column.label)")) { "Reveal" }
      }
    }
    return fragment {
      if field.value.isEmpty {
        ValueHTML.blank("empty text")
      } else {
        span(.class("long"), .directionOfText) { field.value }
      }
      span(.class("hush small")) {
        " shown to you until "
        HTML.timeWithZone(field.until)
      }
    }
  }
}

/// The fields of one object that were revealed to a session, each for some minutes, as they are kept for it.
package struct RevealedFields: Sendable, Equatable {
  package struct Field: Sendable, Equatable {
    package var name: String
    package var value: String
    package var until: Instant

    package init(name: String, value: String, until: Instant) {
      self.name = name
      self.value = value
      self.until = until
    }
  }

  /// At once; of more the oldest is masked again.
  package static let most = 20

  package private(set) var fields: [Field] = []

  package init() {}

  /// Those that are still to be shown. What cannot be read is masked.
  package init(_ text: String, at now: Instant) {
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ", omittingEmptySubsequences: false)
      guard parts.count == 3, let seconds = Int64(parts[0]), let until = Instant(secondsSince1970: seconds),
        until > now, let name = try? PercentText.decode(parts[1]), let value = try? PercentText.decode(parts[2])
      else { continue }
      fields.append(Field(name: name, value: value, until: until))
    }
  }

  package var text: String {
    fields.map { "\($0.until.secondsSince1970) \(PercentText.encode($0.name)) \(PercentText.encode($0.value))" }
      .joined(separator: "\n")
  }

  package mutating func show(_ field: Field) {
    fields.removeAll { $0.name == field.name }
    fields.append(field)
    fields.removeFirst(max(0, fields.count - Self.most))
  }

  package subscript(name: String) -> Field? { fields.first { $0.name == name } }
}
