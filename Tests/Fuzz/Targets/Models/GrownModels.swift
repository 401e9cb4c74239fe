import DataModel
import Wire

/// Data models that are made by the grammar: as XML they are well-formed, a document that is laid out in another way
/// means the same, and labels and keys are read as they were made.
enum GrownModels {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    var growth = ModelGrowth(decisions: Decisions(input))
    let root = growth.document()
    let plain = Array(root.text(laidOut: nil).utf8)
    let (model, findings) = DataModelReader.read(plain)
    for finding in findings {
      try promise(
        finding.code != .brokenXML,
        "what was made is well-formed: \(finding), \(String(decoding: plain, as: UTF8.self))")
      try Words.check(finding.message, about: FuzzInput(plain))
    }
    let other = Array(root.text(laidOut: growth.decisions).utf8)
    let again = DataModelReader.read(other)
    try promise(
      again.model?.hash, is: model?.hash,
      "laid out in another way it means the same: \(String(decoding: other, as: UTF8.self))")
    try promise(
      again.findings.map(\.code.rawValue).sorted(), is: findings.map(\.code.rawValue).sorted(),
      "laid out in another way as much is wrong with it: \(String(decoding: other, as: UTF8.self))")
    guard let model else { return }
    try Models.model(model)
    for made in growth.labels {
      guard let field = model[made.model]?.field(made.field) else { continue }
      try promise(field.label, is: made.label, "a label is read as it was made")
    }
  }
}

/// An element with attributes, and the elements or the text inside.
struct GrownElement {
  var name: String
  var attributes: [(name: String, value: String)] = []
  var children: [GrownElement] = []
  var text = ""

  /// As XML; with decisions in another layout: attributes in another order, comments, line breaks, references.
  func text(laidOut decisions: Decisions?) -> String {
    var decisions = decisions
    return text(&decisions)
  }

  private func text(_ layout: inout Decisions?) -> String {
    var pairs = attributes
    if layout?.once(in: 2) == true { pairs.reverse() }
    let quote = layout?.once(in: 2) == true ? "'" : "\""
    let space = layout?.once(in: 2) == true ? "\n " : " "
    let written = pairs.map { "\(space)\($0.name)=\(quote)\(Self.escaped($0.value, &layout))\(quote)" }.joined()
    if children.isEmpty, text.isEmpty, layout?.once(in: 2) != true { return "<\(name)\(written)/>" }
    var inside = Self.escaped(text, &layout)
    for child in children {
      if layout?.once(in: 3) == true { inside += "\n<!-- <model/> -->" }
      inside += child.text(&layout)
    }
    return "<\(name)\(written)>\(inside)</\(name)\(layout?.once(in: 2) == true ? " " : "")>"
  }

  private static func escaped(_ text: String, _ layout: inout Decisions?) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      let mustBe = "<&>\"'\t\n\r".unicodeScalars.contains(scalar)
      result += mustBe || layout?.once(in: 8) == true ? "&#\(scalar.value);" : String(scalar)
    }
  }
}

/// Makes documents most of which are good.
struct ModelGrowth {
  var decisions: Decisions
  private(set) var labels: [(model: String, field: String, label: String)] = []

  init(decisions: Decisions) { self.decisions = decisions }

  mutating func document() -> GrownElement {
    let names = (0...decisions.below(3)).map { "m\($0)" }
    return GrownElement(name: "data-model", children: names.map { model($0, names) })
  }

  private mutating func model(_ name: String, _ names: [String]) -> GrownElement {
    var model = GrownElement(name: "model", attributes: [("name", name), ("label", label())])
    let fields = (0..<1 + decisions.below(4)).map { "f\($0)" }
    for field in fields { model.children.append(self.field(field, of: name)) }
    let targets = (0..<decisions.below(3)).map { _ in decisions.one(of: names) }
    for (index, target) in targets.enumerated() {
      model.children.append(GrownElement(name: "belongs-to", attributes: [("model", target), ("name", "b\(index)")]))
      if decisions.once(in: 4) {
        let inverse = decisions.one(of: [("inverse-of", "b\(index)"), ("label", "x")])
        model.children.append(
          GrownElement(name: "has-many", attributes: [("model", target), ("name", "h\(index)"), inverse]))
      }
    }
    model.children.append(GrownElement(name: "display", text: display(fields)))
    while model.children.count < 12, decisions.once(in: 3) { model.children.append(further(fields)) }
    return model
  }

  private mutating func field(_ name: String, of model: String) -> GrownElement {
    let type = decisions.one(of: FieldType.allCases)
    let label = label()
    var field = GrownElement(name: "field", attributes: [("name", name), ("label", label), ("type", type.rawValue)])
    labels.append((model, name, label))
    if type == .attachment { field.attributes.append(("media", decisions.one(of: ["any", "image/png", "text/csv"]))) }
    if type.isChoice {
      for index in 0..<decisions.below(4) {
        let key = type.hasIntegerKeys ? "\(index - 1)" : "k\(index)\(decisions.text(most: 3).filter { $0 != "\n" })"
        field.children.append(GrownElement(name: "option", attributes: [("key", key)], text: self.label()))
      }
    }
    return field
  }

  /// Without blanks at its ends, which are layout.
  private mutating func label() -> String { "L\(decisions.text(most: 5).filter { $0 != "\n" && $0 != "\t" })L" }

  private mutating func display(_ fields: [String]) -> String {
    var text = "D"
    for _ in 0..<decisions.below(4) {
      let field = decisions.one(of: fields)
      text += decisions.one(of: [
        "{\(field)}", "{b0}", "{b0.f0}", "{id}", "{\(field):.2f}", "{{", "}}", "{b1.b0.f0}", " x ",
      ])
    }
    return text + "D"
  }

  private mutating func further(_ fields: [String]) -> GrownElement {
    let field = decisions.one(of: fields)
    switch decisions.below(3) {
    case 0: return GrownElement(name: "index", attributes: [("on", decisions.one(of: ["", "-"]) + field)])
    case 1:
      return GrownElement(
        name: "webhook", attributes: [("type", "update"), ("name", "w\(decisions.below(4))")],
        children: [GrownElement(name: "field", attributes: [("name", field)])])
    default:
      return GrownElement(
        name: "notify-user", attributes: [("message", decisions.text(most: 8)), ("recipient-field", "b0")])
    }
  }
}
