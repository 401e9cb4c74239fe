// Fields and their options.

extension DataModelComparison {
  mutating func compareFields(_ old: Model, _ new: Model) {
    let model = new.name
    for field in new.fields {
      if let before = old.field(field.name) {
        compare(before, field, of: model)
      } else {
        note(
          .fieldAdded, model, field.name,
          "\(model).\(field.name) is added, a field of type \(field.type.rawValue).")
      }
    }
    for field in old.fields where new.field(field.name) == nil {
      note(
        .fieldRemoved, model, field.name,
        "\(model).\(field.name) is removed, a field of type \(field.type.rawValue): its values are kept, hidden,"
          + " until it is declared again.")
    }
    if isReordered(old.fields.map(\.name), new.fields.map(\.name)) {
      note(.fieldsReordered, model, nil, "The fields of \(model) have another order.")
    }
  }

  private mutating func compare(_ old: Field, _ new: Field, of model: String) {
    let name = "\(model).\(new.name)"
    if old.type != new.type {
      note(
        .fieldRetyped, model, new.name,
        "\(name) changes its type from \(old.type.rawValue) to \(new.type.rawValue): values are kept and"
          + " converted on reading where nothing is lost.")
    }
    var parts: [String] = []
    if old.label != new.label { parts.append("label from \(quoted(old.label)) to \(quoted(new.label))") }
    if old.subtype != new.subtype {
      parts.append("subtype from \(old.subtype?.rawValue ?? "none") to \(new.subtype?.rawValue ?? "none")")
    }
    if old.media != new.media {
      parts.append("media from \(old.media?.rawValue ?? "none") to \(new.media?.rawValue ?? "none")")
    }
    if old.autoDownload != new.autoDownload { parts.append("auto-download") }
    if !parts.isEmpty {
      note(.fieldDescribed, model, new.name, "\(name) changes its \(parts.joined(separator: ", its ")).")
    }
    if old.type == new.type, old.options != new.options {
      note(.optionsChanged, model, new.name, sentence(old.options, new.options, of: name))
    }
  }

  private func sentence(_ old: [Option], _ new: [Option], of field: String) -> String {
    let before = Dictionary(old.map { ($0.key, $0.label) }, uniquingKeysWith: { first, _ in first })
    let after = Set(new.map(\.key))
    let added = new.map(\.key).filter { before[$0] == nil }.map { quoted($0.description) }
    let removed = old.map(\.key).filter { !after.contains($0) }.map { quoted($0.description) }
    let relabelled = new.filter { option in before[option.key].map { $0 != option.label } ?? false }
      .map { quoted($0.key.description) }
    var parts: [String] = []
    if !added.isEmpty { parts.append("added: \(list(added))") }
    if !removed.isEmpty { parts.append("removed, stored keys are kept: \(list(removed))") }
    if !relabelled.isEmpty { parts.append("with another label: \(list(relabelled))") }
    if parts.isEmpty { parts.append("in another order") }
    return "The options of \(field) change; \(parts.joined(separator: "; "))."
  }
}
