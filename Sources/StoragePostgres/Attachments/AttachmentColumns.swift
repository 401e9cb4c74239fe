import DataModel
import Storage
import Wire

/// The columns of objects that hold ids of attachments, also those that no data model shows.
struct AttachmentColumns {
  struct Table {
    /// The number of the model.
    let model: Int
    /// All columns.
    var layout: [TableLayout.Column] = []

    var attachments: [TableLayout.Column] { layout.filter { FieldType.isAttachment($0.storedType) } }
  }

  let schema: DeploymentSchema
  /// Those that have any, by number.
  let tables: [Table]

  init(reading connection: PostgresConnection, _ schema: DeploymentSchema) throws {
    self.schema = schema
    let rows = try connection.rows(
      "SELECT model, number, name, type FROM \(schema.name).columns ORDER BY model, number")
    var tables: [Table] = []
    try rows.each { row in
      let model = Int(try row.integer(0))
      if tables.last?.model != model { tables.append(Table(model: model)) }
      tables[tables.count - 1].layout.append(
        TableLayout.Column(
          number: Int(try row.integer(1)), name: try row.text(2), storedType: try row.text(3), heldPasswords: false))
    }
    self.tables = tables.filter { !$0.attachments.isEmpty }
  }

  /// Every object that holds the id, by model and in order of creation. It looks through all objects of models with
  /// attachments: bytes that come late for an id that is linked are rare.
  func holders(of attachment: ObjectID, on connection: PostgresConnection) throws -> [LinkingObject] {
    let results = try connection.perform { pipeline in
      for table in tables {
        let selection = table.layout.map { ", c\($0.number)" }.joined()
        let condition = table.attachments.map { "c\($0.number) = $1" }.joined(separator: " OR ")
        pipeline.addOnce(
          "SELECT id, updated_at, n, sequence\(selection) FROM \(schema.name).m\(table.model) "
            + "WHERE \(condition) ORDER BY n"
        ) { $0.add(id: attachment) }
      }
    }
    return try zip(tables, results).flatMap { table, result in
      try result.map { row in
        LinkingObject(
          model: table.model, id: try row.id(0), row: try row.integer(2), updatedAt: try row.integer(1),
          previous: try row.integer(3),
          values: try table.layout.enumerated().map { index, column in
            (column.number, try row.value(index + 4, as: ColumnType(storedType: column.storedType)))
          })
      }
    }
  }
}

extension ColumnType {
  /// Of a column as the schema names its type: a field's, or that of a relationship.
  init(storedType word: String) { self = FieldType(rawValue: word).map(ColumnType.init(of:)) ?? .id }
}
