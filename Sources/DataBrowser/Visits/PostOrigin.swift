/// Whether a POST comes from a page of ours, as the browser says: by `Sec-Fetch-Site`; without it by `Origin`; without
/// both it does not.
enum PostOrigin {
  static func isOurs(site: String?, origin: String?, own: String) -> Bool {
    if let site { return site == "same-origin" }
    guard let origin else { return false }
    return origin == own
  }
}
