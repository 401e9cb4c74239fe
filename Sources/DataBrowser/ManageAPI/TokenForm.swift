import People
import Web

/// The questions about a new token.
enum TokenForm {
  static let name = "name"
  static let expires = "expires"
  static let readOnly = "read_only"

  /// Days from now on; the first is no end.
  private static let days = [("", "Never"), ("7", "In 7 days"), ("30", "In 30 days"), ("365", "In a year")]

  private static let fields = [
    FormField("act", "", .hidden),
    FormField(
      name, "Name", .word, hint: "What uses it, such as “accounting”. It stands beside what it changes.", most: 100),
    FormField(expires, "Expires", .choice(days.map { FormField.Option($0.0, $0.1) }), isRequired: false),
    FormField(readOnly, "Read only", .truth, hint: "It can read everything, and change nothing.", isRequired: false),
  ]

  static var empty: Form { Form(fields, values: ["act": ManageAPIPage.Act.create.rawValue]) }

  static func seconds(_ form: Form) -> Int? { Int(form[expires]).map { $0 * 86_400 } }

  /// What is wrong with a name in an address; nil where it will do. Browsers take these two for steps in a path,
  /// however they are written.
  static func problem(with name: String) -> String? {
    hasAddress(name) ? nil : "Name: “\(name)” alone cannot stand in an address. Add a letter."
  }

  static func hasAddress(_ name: String) -> Bool { name != "." && name != ".." }
}
