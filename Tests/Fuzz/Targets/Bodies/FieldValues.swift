import DataModel
import JSON
import QueryLanguage
import Storage
import Wire

/// A client's value, as JSON or as a form's field `f`, read for each field of a model.
enum FieldValues {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    if let json = try? JSONDocument.read(input.bytes).root { try read(.json(json), input) }
    try read(.text(input.text), input)
    if let tree = (try? FormContainer(utf8: input.bytes))?["f"] { try read(ClientValue(tree), input) }
  }

  private static func read(_ value: ClientValue, _ input: FuzzInput) throws(BrokenPromise) {
    for column in SampleModel.stored.columns {
      guard case .field(let field) = column.source else { continue }
      for purpose in [FieldValue.Purpose.writing, .filtering] {
        let reader = FieldValue(name: field.name, field: field, purpose: purpose)
        let stored: StoredValue
        do throws(ClientFault) { stored = try reader.read(value) } catch {
          try Words.check(error.detail, about: input)
          try promise(error.detail.contains(field.name), "a fault names its field: \(error.detail)")
          continue
        }
        try promise(isLegal(stored, for: column.type), "\(field.name) of \(value.shown) is stored as \(stored)")
        if purpose == .writing { try lists(stored, field.name) }
      }
    }
  }

  /// What storage may hold of a type. A filter may compare integers with reals.
  static func isLegal(_ value: StoredValue, for type: ColumnType) -> Bool {
    switch (type, value) {
    case (_, .null): true
    case (.integer, .integer), (.id, .id): true
    case (.real, .real(let real)), (.integer, .real(let real)): real.isFinite && !(real == 0 && real.sign == .minus)
    case (.text, .text): true
    default: false
    }
  }

  /// Lists and locations are stored as JSON, texts without U+0000.
  private static func lists(_ value: StoredValue, _ name: String) throws(BrokenPromise) {
    guard case .text(let text) = value else { return }
    try promise(!text.utf8.contains(0), "no text holds U+0000")
    guard ["tags", "codes", "position"].contains(name) else { return }
    let list = (try? JSONDocument.read(text))?.root
    try promise(list?.isArray ?? false, "a list is stored as one: \(text)")
    if name == "position" { try promise(list?.count, is: 6, "a location has six parts: \(text)") }
  }
}
