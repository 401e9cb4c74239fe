import DataModel
import Storage

// Which columns have held passwords: those that a deployed data model has declared `text:password`, for good.

extension Catalog {
  /// Notes those that this data model declares so.
  func notePasswords(of models: [StoredModel]) throws {
    let note = try connection.statement("UPDATE columns SET passwords = 1 WHERE number = ?")
    for model in models {
      for column in model.columns where column.source.isPassword {
        note.bind(1, integer: Int64(column.number))
        try note.run()
      }
    }
  }

  /// Notes those that any data model so far has declared so, as the history of deploys has them. One that this version
  /// does not read any more says nothing.
  func notePasswordsOfEarlierDeploys() throws {
    // A document that holds neither the word nor references, by which it could be written, declares none.
    let documents = try connection.statement(
      "SELECT xml FROM deploys WHERE instr(xml, CAST('password' AS BLOB)) OR instr(xml, CAST('&#' AS BLOB))")
    defer { documents.reset() }
    let note = try connection.statement(
      """
      UPDATE columns SET passwords = 1
      WHERE model = (SELECT number FROM models WHERE name = ?) AND name = ? AND type = ?
      """)
    while try documents.step() {
      guard let model = DataModelReader.read(Array(documents.bytes(0))).model else { continue }
      for model in model.models {
        for field in model.fields where field.subtype == .password {
          note.bind(1, text: model.name)
          note.bind(2, text: field.name)
          note.bind(3, text: field.type.rawValue)
          try note.run()
        }
      }
    }
  }
}
