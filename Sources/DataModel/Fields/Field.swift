/// A field of a model. Every field is nullable; there is no default, no length, no uniqueness.
package struct Field: Sendable, Hashable {
  package let name: String
  package let label: String
  package let type: FieldType
  /// Only on `text`.
  package let subtype: TextSubtype?
  /// In the order of the model: the options of a choice, or the two of a boolean; else empty.
  package let options: [Option]
  /// Only on `attachment`, and always there.
  package let media: MediaType?
  /// `auto-download` of an attachment, photo or signature; kept for clients.
  package let autoDownload: Bool?

  private let positions: [OptionKey: Int]

  package init(
    name: String, label: String, type: FieldType, subtype: TextSubtype? = nil, options: [Option] = [],
    media: MediaType? = nil, autoDownload: Bool? = nil
  ) {
    self.name = name
    self.label = label
    self.type = type
    self.subtype = subtype
    self.options = options.isEmpty && type == .boolean ? Option.ofBoolean : options
    self.media = media
    self.autoDownload = autoDownload
    self.positions = Dictionary(
      zip(self.options.map(\.key), self.options.indices), uniquingKeysWith: { first, _ in first })
  }

  /// Where the key stands among the options; nil when no option has it.
  package func position(of key: OptionKey) -> Int? { positions[key] }

  /// The label that people see for the key; nil when no option has it (its display is then
  /// `< invalid value >`).
  package func label(of key: OptionKey) -> String? { positions[key].map { options[$0].label } }

  /// `{name}_id`, the second name that an attachment field has in objects; nil for other types.
  package var idName: String? { type.isAttachment ? name + "_id" : nil }
}
