import Wire

/// What the page of a deletion announced, as its form sends it back.
struct DeleteForm: Sendable {
  static let moment = "moment"
  static let count = "count"
  static let clears = "clear"
  static let confirm = "confirm"
  static let from = "from"

  /// The last sequence of the deployment when the page was made.
  let moment: Int64
  /// How many referred to the object; nil where that was not known.
  let count: Int?
  /// Whether they are to lose its id.
  let clears: Bool
  let typed: String

  /// Nil for what no page of ours sends.
  init?(_ form: PostForm) {
    guard let moment = Int64(form[Self.moment]), moment >= 0 else { return nil }
    self.moment = moment
    count = Int(form[Self.count])
    clears = form[Self.clears] == "true"
    typed = form[Self.confirm]
  }
}
