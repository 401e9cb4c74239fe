import DataModel
import QueryLanguage
import Storage
import Wire

/// The related objects that an answer embeds: a tree of relationships, resolved under a data model.
package struct Includes: Sendable {
  /// One relationship to embed, and what is embedded in its objects in turn.
  struct Branch: Sendable {
    /// The position of the belongs-to among the model's columns.
    let column: Int
    /// `,"airline":`, ready to be printed.
    let key: ByteBlock
    let model: ModelView
    var inner: Includes
  }

  /// In the order of the model's columns.
  private(set) var branches: [Branch] = []

  /// At most so many relationships in one path.
  package static let depth = 5

  package static let none = Includes()

  private init() {}

  package var isEmpty: Bool { branches.isEmpty }

  /// A path's beginnings are embedded too.
  /// - Throws: `ClientFault.request` that names the path and the relationships there are.
  package init(_ paths: IncludePaths, of model: ModelView, in view: DataModelView) throws(ClientFault) {
    for path in paths.paths {
      let names = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      guard names.count <= Self.depth else {
        throw .request(
          "include: \"\(CutText.cut(path))\" has \(names.count) levels; at most \(Self.depth) are embedded.")
      }
      try add(names[...], of: path, from: model, in: view)
    }
  }

  /// Those of a model's relationships that the data model declares. Others are left out.
  init(relationships names: [String], of model: ModelView, in view: DataModelView) {
    for name in names { try? add([name], of: name, from: model, in: view) }
  }

  private mutating func add(
    _ names: ArraySlice<String>, of path: String, from model: ModelView, in view: DataModelView
  ) throws(ClientFault) {
    guard let name = names.first else { return }
    guard let column = model.stored.position(of: name),
      case .belongsTo(let relationship) = model.stored.columns[column].source, let related = view[relationship.model]
    else { throw Self.unknown(name, of: path, from: model) }
    let index = branches.firstIndex { $0.column >= column } ?? branches.endIndex
    if index == branches.endIndex || branches[index].column != column {
      var key = ByteWriter(capacity: 64)
      key.append(",")
      key.append(quoted: name)
      key.append(":")
      branches.insert(Branch(column: column, key: key.detach(), model: related, inner: .none), at: index)
    }
    try branches[index].inner.add(names.dropFirst(), of: path, from: related, in: view)
  }

  private static func unknown(_ name: String, of path: String, from model: ModelView) -> ClientFault {
    let there = model.stored.model.belongsTo.map(\.name)
    let has =
      there.isEmpty
      ? "\(model.name) has no relationships to embed"
      : "those of \(model.name) are \(there.prefix(20).joined(separator: ", "))"
        + (there.count > 20 ? ", and \(there.count - 20) more" : "")
    if model.stored.model.hasMany(name) != nil {
      return .request(
        "include: \"\(CutText.cut(name))\" in \"\(CutText.cut(path))\" is a has-many of \(model.name), which is not "
          + "embedded; query the other model instead.")
    }
    return .request(
      "include: \"\(CutText.cut(name))\" in \"\(CutText.cut(path))\" is no belongs-to relationship; \(has).")
  }
}
