/// One of the values that a choice or boolean field can take, with the label that people see.
package struct Option: Sendable, Hashable {
  package let key: OptionKey
  package let label: String

  package init(key: OptionKey, label: String) {
    self.key = key
    self.label = label
  }

  /// What a boolean has when the model declares no options (data-model.md «Fields»).
  package static let ofBoolean = [
    Option(key: .boolean(false), label: "No"), Option(key: .boolean(true), label: "Yes"),
  ]
}
