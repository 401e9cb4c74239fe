import Web
import Wire

/// What is asked of the export of a view: as its form sends it, or nothing yet.
package struct ExportView: Hashable, Sendable {
  package enum Format: String, CaseIterable, Sendable {
    /// For people: labels and displays.
    case spreadsheet
    /// For programs: keys and ids, read back by `sojourn import`.
    case csv
    case ndjson
    case json
  }

  /// Of the table; also by the number under which its filters are kept.
  package var view: ViewText
  /// Nil for the form.
  package var format: Format?
  /// Whether it has the columns of the view alone.
  package var isOfView: Bool

  package init(_ view: ViewText, as format: Format? = nil, isOfView: Bool = false) {
    self.view = view
    self.format = format
    self.isOfView = isOfView
  }

  static let formatKey = "as"
  static let fieldsKey = "fields"
  static let passwordsKey = "with"
  static let passwordsWord = "passwords"
  static let viewWord = "view"
  private static let keys: Set<String> = [formatKey, fieldsKey, passwordsKey]

  init(_ query: QueryPairs) {
    self.init(
      ViewText(ViewText(query).pairs.filter { !Self.keys.contains($0.key) }),
      as: query[Self.formatKey].flatMap(Format.init), isOfView: query[Self.fieldsKey] == Self.viewWord)
  }

  func pairs(withPasswords: Bool) -> [(key: String, value: String)] {
    var pairs = view.pairs.map { ($0.key, $0.value) }
    if withPasswords { pairs.append((Self.passwordsKey, Self.passwordsWord)) }
    if isOfView { pairs.append((Self.fieldsKey, Self.viewWord)) }
    if let format { pairs.append((Self.formatKey, format.rawValue)) }
    return pairs
  }
}

extension ExportView.Format {
  var label: String {
    switch self {
    case .csv: "CSV for programs"
    case .spreadsheet: "CSV for spreadsheets"
    case .ndjson: "NDJSON"
    case .json: "JSON"
    }
  }

  var hint: String {
    switch self {
    case .csv: "Keys, ids and ISO times, as sojourn import reads them back. The time of the last change is not in it."
    case .spreadsheet: "Labels and displays. A text that would be taken for a formula has a ' before it."
    case .ndjson: "An object a line, as the API prints it."
    case .json: "One array of objects, as the API prints them."
    }
  }

  var suffix: String {
    switch self {
    case .csv, .spreadsheet: "csv"
    case .ndjson: "ndjson"
    case .json: "json"
    }
  }

  var type: String {
    switch self {
    case .csv, .spreadsheet: "text/csv; charset=utf-8; header=present"
    case .ndjson: "application/x-ndjson"
    case .json: TextType.json
    }
  }
}
