// `<index on="airline,-scheduled_departure"/>` (data-model.md «Indexes»).

extension ModelResolution {
  /// The indexes of a model that can be made; of two that are the same, the first.
  mutating func indexes(of model: ModelDraft) -> [IndexDeclaration] {
    var indexes: [IndexDeclaration] = []
    for element in model.indexes {
      guard let index = index(from: element, of: model) else { continue }
      if indexes.contains(where: { $0.keys == index.keys && $0.databases == index.databases }) {
        findings.add(
          .duplicateIndex, at: element.position,
          "The model has an index on just these already: this one is ignored. Remove it.")
      } else {
        indexes.append(index)
      }
    }
    return indexes
  }

  private mutating func index(from element: XMLElement, of model: ModelDraft) -> IndexDeclaration? {
    findings.check(element, attributes: ["on", "name", "database"])
    findings.refuseChildren(of: element)
    let databases = databases(of: element)
    guard let on = findings.required("on", of: element, example: "airline,-scheduled_departure") else {
      return nil
    }
    let words = on.split(separator: ",", omittingEmptySubsequences: false)
    guard words.count <= DataModelLimits.indexKeys else {
      findings.add(
        .tooMany, at: element.position,
        "An index may have \(DataModelLimits.indexKeys) names at most. Keep those that queries start with.")
      return nil
    }
    let keys = words.compactMap { key(trimmed($0), in: element, of: model) }
    guard keys.count == words.count else { return nil }
    if Set(keys.map(\.name)).count < keys.count {
      findings.add(
        .indexName, at: element.position, "The index has a name twice in on=\(quoted(on)). Remove one.")
    }
    let name = element["name"].flatMap { $0.isEmpty ? nil : $0 }
    if let name { findings.label(name, of: element) }
    return IndexDeclaration(
      name: name ?? keys.map(\.name).joined(separator: "_"), keys: keys, databases: databases)
  }

  private mutating func key(
    _ word: String, in element: XMLElement, of model: ModelDraft
  ) -> IndexDeclaration.Key? {
    let descending = word.hasPrefix("-")
    let name = descending ? trimmed(word.dropFirst()) : word
    switch model.members[name] {
    case .field(_, let type)?:
      if let type, !type.isIndexable {
        findings.add(
          .indexType, at: element.position,
          "\(quoted(name)) is a field of type \(type.rawValue), which cannot be indexed: the index is left out."
            + " Remove it.")
        return nil
      }
    case .belongsTo?: break
    case .hasMany?:
      findings.add(
        .indexName, at: element.position,
        "\(quoted(name)) is a has-many, which is not stored. Index the belongs-to of the other model.")
      return nil
    case nil:
      if !model.isIncomplete {
        findings.add(
          .indexName, at: element.position,
          "The index names \(quoted(name)), which the model does not have. "
            + Self.advice(instead: name, of: model))
      }
      return nil
    }
    return .init(name: name, descending: descending)
  }

  private static func advice(instead name: String, of model: ModelDraft) -> String {
    if name.hasSuffix("_id"), case .belongsTo? = model.members[String(name.dropLast(3))] {
      return "Write \(name.dropLast(3))."
    }
    return similar(to: name, in: model.members.keys)
      ?? "Name fields and belongs-to of it, separated by commas."
  }

  private mutating func databases(of element: XMLElement) -> IndexDeclaration.Databases {
    guard let written = element["database"] else { return [.app, .cloud] }
    var databases: IndexDeclaration.Databases = []
    for word in written.split(separator: ",", omittingEmptySubsequences: false) {
      switch trimmed(word) {
      case "app": databases.insert(.app)
      case "cloud": databases.insert(.cloud)
      default:
        findings.invalid(
          "database", written, of: element, allowed: ["app", "cloud", "app,cloud"].map { quoted($0) })
        return databases
      }
    }
    return databases
  }
}
