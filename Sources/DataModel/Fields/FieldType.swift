/// What a field holds. Raw values are the words of the XML (data-model.md «Fields»).
package enum FieldType: String, Sendable, Hashable, CaseIterable {
  case text
  case integer
  case number
  case date
  case datetime
  case boolean
  case singleChoice = "single-choice"
  case singleChoiceInteger = "single-choice-integer"
  case multipleChoice = "multiple-choice"
  case multipleChoiceInteger = "multiple-choice-integer"
  case location
  case attachment
  case photo
  case signature
  case track

  /// One or several keys out of the field's options. A boolean is not counted here.
  package var isChoice: Bool { isSingleChoice || isMultipleChoice }

  package var isSingleChoice: Bool { self == .singleChoice || self == .singleChoiceInteger }

  package var isMultipleChoice: Bool { self == .multipleChoice || self == .multipleChoiceInteger }

  /// The keys of its options are 32-bit integers.
  package var hasIntegerKeys: Bool { self == .singleChoiceInteger || self == .multipleChoiceInteger }

  /// An object carries `{field}_id` beside `{field}`.
  package var isAttachment: Bool { self == .attachment || self == .photo || self == .signature }

  /// The same of a type's word, which may be that of a relationship.
  package static func isAttachment(_ word: String) -> Bool { FieldType(rawValue: word)?.isAttachment ?? false }

  /// Choices have options, though a model may leave them out; a boolean always has its two.
  package var takesOptions: Bool { isChoice || self == .boolean }

  /// Its values have an order: it may stand in `<index on="…">`.
  package var isIndexable: Bool { !(isAttachment || isMultipleChoice || self == .location || self == .track) }
}
