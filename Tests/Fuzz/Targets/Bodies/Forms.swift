import Web
import Wire

/// Query strings and forms.
enum Forms {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    let pairs: QueryPairs
    do throws(FormError) {
      pairs = try QueryPairs(utf8: input.bytes)
    } catch {
      try Words.check(error.description, about: input)
      return
    }
    try promise(pairs.pairs.count <= QueryPairs.maximumPairs, "pairs have a limit")
    let again = try? QueryPairs(printed(pairs.pairs))
    try promise(again == pairs, "pairs are read as they are printed: \(pairs.pairs)")
    let form = try? FormContainer(pairs)
    try promise(form == (try? FormContainer(utf8: input.bytes)), "a form is that of its pairs")
    guard let form else { return }
    let flat = flattened(form, under: [])
    try promise((try? FormContainer(QueryPairs(pairs: flat))) == form, "a form's tree makes the same form: \(flat)")
  }

  static func printed(_ pairs: [QueryPairs.Pair]) -> String {
    pairs.map { pair in
      let key = pair.path[0] + pair.path.dropFirst().map { "[\($0)]" }.joined() + (pair.appends ? "[]" : "")
      return "\(PercentText.encode(key))=\(PercentText.encode(pair.value))"
    }.joined(separator: "&")
  }

  private static func flattened(_ form: FormContainer, under path: [String]) -> [QueryPairs.Pair] {
    form.entries.flatMap { entry -> [QueryPairs.Pair] in
      let path = path + [entry.key]
      switch entry.value {
      case .text(let text): return [QueryPairs.Pair(path: path, value: text)]
      case .list(let texts): return texts.map { QueryPairs.Pair(path: path, appends: true, value: $0) }
      case .container(let inner): return flattened(inner, under: path)
      }
    }
  }
}
