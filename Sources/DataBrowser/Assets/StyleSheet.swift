import Web

extension Asset {
  /// The one style sheet. Sizes step by a quarter from 1 rem; distances are multiples of 4 px; each colour is named once
  /// for light and once for dark. Nothing is told by colour alone.
  static let style = Asset("sojourn.css", .style, StyleText.all)
}

/// The parts of the style sheet, in their order.
enum StyleText {
  static var all: String { tokens + frame + content + tables + forms + print }
}
