import Storage

extension TableLayout {
  /// As the file has it now.
  init(ofModel number: Int, on connection: Connection) throws {
    let statement = try connection.statement(
      "SELECT number, name, type, passwords FROM columns WHERE model = ? ORDER BY number")
    statement.bind(1, integer: Int64(number))
    defer { statement.reset() }
    var columns: [Column] = []
    while try statement.step() {
      columns.append(
        Column(
          number: Int(statement.integer(0)), name: statement.text(1), storedType: statement.text(2),
          heldPasswords: statement.integer(3) != 0))
    }
    self.init(columns: columns)
  }
}
