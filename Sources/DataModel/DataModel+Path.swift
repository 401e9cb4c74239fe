// Models named in a path: by their name, or by its simple English plural (api.md section 4).

extension DataModel {
  /// The model of this name; where none has it, the one model whose plural it is. Two such models
  /// make it ambiguous, and then it names none.
  package func model(inPath word: String) -> Model? {
    if let model = self[word] { return model }
    var found: Model?
    for singular in Self.singulars(of: word) {
      guard let model = self[singular] else { continue }
      if found != nil { return nil }
      found = model
    }
    return found
  }

  /// The plural of a name: `es` after s, x, z, ch and sh, `ies` for a `y` after a consonant, else `s`.
  static func plural(of name: String) -> String {
    let lower = name.lowercased()
    if ["s", "x", "z", "ch", "sh"].contains(where: lower.hasSuffix) { return name + "es" }
    if lower.hasSuffix("y"), let before = lower.dropLast().last, "bcdfghjklmnpqrstvwxz".contains(before) {
      return name.dropLast() + "ies"
    }
    return name + "s"
  }

  /// The names that have this plural: at most three, so that no path costs more than three look-ups.
  private static func singulars(of word: String) -> [String] {
    guard word.utf8.count <= DataModelLimits.nameLength + 2 else { return [] }
    var candidates: [String] = []
    if word.hasSuffix("s") { candidates.append(String(word.dropLast())) }
    if word.hasSuffix("es") { candidates.append(String(word.dropLast(2))) }
    if word.hasSuffix("ies") {
      candidates.append(word.dropLast(3) + "y")
      candidates.append(word.dropLast(3) + "Y")
    }
    return candidates.filter { plural(of: $0) == word }
  }
}
