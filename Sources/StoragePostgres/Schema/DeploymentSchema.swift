import Storage

/// How the tables of one deployment are called. Names are made of numbers and the deployment's hex digits alone: no
/// word of a data model ever reaches SQL, and none needs quotes.
package struct DeploymentSchema: Sendable, Hashable {
  /// The deployment's id.
  package let deployment: String
  /// `d_0123456789abcdef01234567`
  package var name: String { "d_\(deployment)" }

  /// Nil for what is no deployment's id.
  package init?(deployment id: String) {
    let isID =
      id.utf8.count == 24
      && id.utf8.allSatisfy { byte in
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte
      }
    guard isID else { return nil }
    deployment = id
  }

  /// Nil for a schema that is no deployment's.
  init?(named name: String) {
    guard name.hasPrefix("d_") else { return nil }
    self.init(deployment: String(name.dropFirst(2)))
  }

  /// A table that every deployment has, by its name.
  func table(_ table: StaticString) -> String { "\(name).\(table)" }

  /// The table of a model's objects.
  func table(of model: StoredModel) -> String { "\(name).m\(model.number)" }
}
