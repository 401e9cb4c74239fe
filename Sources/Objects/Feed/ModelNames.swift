import QueryLanguage
import Storage
import Wire

/// The names of all models that ever had objects, deployed or not: asked for once in a snapshot, and only where
/// somebody needs them.
struct ModelNames {
  private var known: [Int: String]?

  /// The name of a model by its number.
  mutating func name(of number: Int, in snapshot: any Snapshot) throws -> String {
    try all(in: snapshot)[number] ?? ""
  }

  /// The numbers of models by their names.
  /// - Throws: `ClientFault` where there was never one of a name.
  mutating func numbers(of names: [String], in snapshot: any Snapshot) throws -> Set<Int> {
    let byName = Dictionary(try all(in: snapshot).map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var numbers: Set<Int> = []
    for name in names {
      guard let number = byName[name] else {
        throw ClientFault.request("model: there is no model \"\(CutText.cut(name))\" in this deployment.")
      }
      numbers.insert(number)
    }
    return numbers
  }

  private mutating func all(in snapshot: any Snapshot) throws -> [Int: String] {
    if let known { return known }
    let names = try snapshot.modelNames()
    known = names
    return names
  }
}
