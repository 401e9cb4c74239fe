/// One of the two ways to ask for objects. What they mean lies in one place (`ComparisonRule`), and all
/// in which they differ stands here (api.md section 13).
package struct FilterLanguage: Sendable {
  /// The case of letters counts in `contains`.
  let containsMindsCase: Bool
  /// `=` on a multiple-choice field compares whole lists of keys, and looks not for one key.
  let equalsComparesLists: Bool
  /// A bare day stands for all of its times where a datetime is to be equal to it.
  let dayIsAllOfIt: Bool
  /// The hidden names go without their underscore too.
  let underscoreIsOptional: Bool
  /// How it writes an operator; nil where it has none.
  let spelling: @Sendable (FilterOperator) -> String?

  /// `q[field.operator]=value`.
  static let filters = FilterLanguage(
    containsMindsCase: true, equalsComparesLists: false, dayIsAllOfIt: false, underscoreIsOptional: false,
    spelling: { $0.suffix.map { $0.isEmpty ? "=" : $0 } })

  /// `field operator ?`.
  static let expressions = FilterLanguage(
    containsMindsCase: false, equalsComparesLists: true, dayIsAllOfIt: true, underscoreIsOptional: true,
    spelling: { $0.word })

  /// The operators that a field has here, as a list for people.
  func operators(of field: QueryField) -> String {
    let all = FilterOperator.all(of: field)
    let words = all.compactMap(spelling)
    // Without a word for it, the test for null is a comparison with null.
    return words.isEmpty ? "= null, != null" : words.joined(separator: ", ")
  }
}
