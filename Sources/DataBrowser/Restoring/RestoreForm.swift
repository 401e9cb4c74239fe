import Wire

/// What the page of a restoration showed, as its form sends it back: only that is restored.
struct RestoreForm: Sendable, Equatable {
  static let from = "from"
  static let act = "do"
  static let cancel = "cancel"

  /// Of the object's last write; nil where it was not there.
  let seen: Int64?
  /// What would come back, as `Restoration` writes it.
  let code: String

  init(seen: Int64?, code: String) {
    self.seen = seen
    self.code = code
  }

  init(_ form: PostForm) { self.init(seen: Int64(form["seen"]), code: form["what"]) }

  var pairs: [(key: String, value: String)] { [("seen", seen.map { "\($0)" } ?? ""), ("what", code)] }
}
