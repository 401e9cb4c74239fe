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

/// Keys and what they hold, in the order in which the keys first appeared.
package struct FormContainer: Equatable, Sendable {
  package let entries: [Entry]
  private let places: [String: Int]

  package struct Entry: Equatable, Sendable {
    package var key: String
    package var value: FormTree

    package init(key: String, value: FormTree) {
      self.key = key
      self.value = value
    }
  }

  /// Of a key that is there twice, the first one is found.
  package init(_ entries: [Entry]) {
    self.entries = entries
    self.places = Dictionary(zip(entries.map(\.key), 0...)) { first, _ in first }
  }

  package subscript(key: String) -> FormTree? { places[key].map { entries[$0].value } }

  /// Reads a form.
  package init(utf8 bytes: UnsafeRawBufferPointer) throws(FormError) {
    try self.init(QueryPairs(utf8: bytes))
  }

  package init(utf8 bytes: [UInt8]) throws(FormError) {
    try self.init(QueryPairs(utf8: bytes))
  }

  /// Nests pairs, each in constant time for each of its levels.
  package init(_ pairs: QueryPairs) throws(FormError) {
    let root = FormNode()
    for pair in pairs.pairs {
      var node = root
      for key in pair.path {
        guard let child = node.child(key) else { throw FormContainer.clash(pair) }
        node = child
      }
      guard node.take(pair.value, appends: pair.appends) else { throw FormContainer.clash(pair) }
    }
    self = root.container
  }

  private static func clash(_ pair: QueryPairs.Pair) -> FormError {
    let key = pair.path[0] + pair.path.dropFirst().map { "[\($0)]" }.joined() + (pair.appends ? "[]" : "")
    return .clash(CutText.cut(key))
  }
}

/// A node while the tree grows. Trees are at most `QueryPairs.maximumLevels` deep.
private final class FormNode {
  private enum Use {
    case none, text, list, container
  }

  private var use = Use.none
  private var texts: [String] = []
  private var children: [(key: String, node: FormNode)] = []
  private var places: [String: Int] = [:]

  /// The child of this key, a new one where there was none; nil where the node is no container.
  func child(_ key: String) -> FormNode? {
    guard use == .none || use == .container else { return nil }
    use = .container
    if let place = places[key] { return children[place].node }
    places[key] = children.count
    let node = FormNode()
    children.append((key, node))
    return node
  }

  /// False where the node is something else already.
  func take(_ text: String, appends: Bool) -> Bool {
    let wanted = appends ? Use.list : Use.text
    guard use == .none || use == wanted else { return false }
    use = wanted
    if appends { texts.append(text) } else { texts = [text] }
    return true
  }

  var container: FormContainer {
    FormContainer(children.map { FormContainer.Entry(key: $0.key, value: $0.node.tree) })
  }

  private var tree: FormTree {
    switch use {
    case .text: .text(texts[0])
    case .list: .list(texts)
    case .none, .container: .container(container)
    }
  }
}
