/// A node while the tree grows. Trees are at most `QueryPairs.maximumLevels` deep.
final class FormNode {
  private enum Use {
    case none, text, list, container
  }

  private var use = Use.none
  private var texts: [String] = []
  private var children: [(key: String, node: FormNode)] = []
  private var indexes: [String: Int] = [:]

  /// The child of this key, a new one where there was none; nil where the node is no container.
  func child(_ key: String) -> FormNode? {
    guard use == .none || use == .container else { return nil }
    use = .container
    if let index = indexes[key] { return children[index].node }
    indexes[key] = children.count
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
