/// A form as the tree that its brackets make (api.md section 4).
package enum FormTree: Equatable, Sendable {
  /// `a=1`. Of a key given several times the last one counts, as web frameworks have it.
  case text(String)
  /// `a[]=1&a[]=2`. An empty text alone in a list stands for the empty list: see `texts`.
  case list([String])
  /// `a[b]=1`
  case container(FormContainer)

  /// The texts of a list; none for `a[]=` alone, which is how a form says that nothing is chosen.
  package var texts: [String]? {
    guard case .list(let texts) = self else { return nil }
    return texts == [""] ? [] : texts
  }
}
