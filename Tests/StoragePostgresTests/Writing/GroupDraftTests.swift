import DataModel
import Testing
import Wire

@testable import Storage
@testable import StorageConformance
@testable import StoragePostgres

/// What a group of writes keeps in memory, and what it comes to in SQL.
@Suite struct GroupDraftTests {
  /// `flight` with a text, and with a text that was a number once.
  private struct Bench {
    let schema: DeploymentSchema
    let statements: ObjectStatements
    var draft = GroupDraft()
    private var sequence: Int64 = 100

    init() throws {
      schema = try #require(DeploymentSchema(deployment: "0123456789abcdef01234567"))
      let xml = SampleModel.document(
        SampleModel.flight(SampleModel.field("tail", "text") + SampleModel.field("gate", "text")))
      let layout = TableLayout(
        columns: [(1, "tail", "text"), (2, "gate", "text"), (3, "gate", "integer")].map {
          TableLayout.Column(number: $0, name: $1, storedType: $2, heldPasswords: false)
        })
      let model = try layout.bind(try #require(try SampleModel.read(xml).models.first), number: 7, version: 1)
      statements = ObjectStatements(WrittenTable(model, layout: layout), in: schema)
    }

    func key(_ number: Int) -> GroupDraft.Key { GroupDraft.Key(statements.table.model, .numbered(number)) }

    /// An object that the database has.
    mutating func find(_ number: Int, row: Int64, _ tail: String, gate: StoredValue = .null) {
      let object = FoundObject(
        id: .numbered(number), row: row, updatedAt: 1, sequence: row, own: [.text(tail), .null], hidden: [gate])
      draft.note(object, deletion: nil, for: key(number))
    }

    mutating func miss(_ number: Int) { draft.note(nil, deletion: 0, for: key(number)) }

    @discardableResult
    mutating func create(_ number: Int, row: Int64, _ tail: String) -> Bool {
      store(.create, number, row: row, [.text(tail), .null], hidden: [])
    }

    mutating func patch(_ number: Int, _ position: Int, _ text: String, clearing: [Int] = []) {
      guard let object = draft.rows[key(number)]?.current else { return }
      var (own, hidden) = (object.own, object.hidden)
      own[position] = .text(text)
      for index in clearing { hidden[index] = .null }
      store(.update, number, row: object.row, own, hidden: hidden, changed: [position], cleared: clearing)
    }

    mutating func delete(_ number: Int) {
      guard let object = draft.rows[key(number)]?.current else { return }
      store(.delete, number, row: object.row, object.own, hidden: object.hidden)
    }

    @discardableResult
    private mutating func store(
      _ operation: OplogEntry.Operation, _ number: Int, row: Int64, _ own: [StoredValue], hidden: [StoredValue],
      changed: [Int] = [], cleared: [Int] = []
    ) -> Bool {
      sequence += 1
      return draft.store(
        ObjectChange(
          operation: operation, table: statements.table, id: .numbered(number), row: row, sequence: sequence,
          previous: nil, updatedAt: sequence, own: own, hidden: hidden, changed: changed, cleared: cleared),
        origin: "test")
    }

    /// The statements that a draft comes to, each by its first words, with how many rows it has.
    func sent(_ draft: GroupDraft) throws -> [String] {
      let tables = WrittenTables(schema)
      tables.keep(statements)
      var pipeline = PostgresPipeline()
      try ObjectChanges.send(draft, in: &pipeline, tables)
      draft.oplog.send(in: &pipeline, schema)
      return pipeline.statements.map { statement in
        let words = statement.sql.split(separator: " ", maxSplits: 1)[0]
        // Behind the array's dimensions, nulls and type.
        let first = pipeline.parameters.values[statement.values.lowerBound]
        let count = pipeline.parameters.bytes[(first.start + 12)..<(first.start + 16)].reduce(0) { $0 << 8 | Int($1) }
        return "\(words) \(count)"
      }
    }

    func tail(_ number: Int) -> StoredValue? { draft.rows[key(number)]?.current?.own[0] }
  }

  @Test func manyChangesOfOneObjectAreOneRowAndAnEntryEach() throws {
    var bench = try Bench()
    bench.find(1, row: 5, "a")
    bench.miss(2)
    bench.patch(1, 0, "b")
    bench.patch(1, 1, "c", clearing: [0])
    bench.create(2, row: 6, "d")
    bench.patch(2, 0, "e")
    #expect(try bench.sent(bench.draft) == ["UPDATE 1", "INSERT 1", "INSERT 4"])
    #expect(bench.draft.rows[bench.key(1)]?.changed == [0, 1] && bench.draft.rows[bench.key(1)]?.cleared == [0])
    #expect(bench.tail(2) == .text("e"))
  }

  @Test func whatCameAndWentIsNotWritten() throws {
    var bench = try Bench()
    bench.miss(1)
    bench.create(1, row: 6, "a")
    bench.delete(1)
    #expect(try bench.sent(bench.draft) == ["INSERT 2"])
    #expect(bench.draft.rows[bench.key(1)]?.deletion == 102)
  }

  @Test func whatWentAndCameAgainIsAnotherRow() throws {
    var bench = try Bench()
    bench.find(1, row: 5, "a")
    bench.delete(1)
    bench.create(1, row: 6, "b")
    #expect(try bench.sent(bench.draft) == ["DELETE 1", "INSERT 1", "INSERT 2"])
  }

  @Test func anIdInUseStoresNothing() throws {
    var bench = try Bench()
    bench.find(1, row: 5, "a")
    let isStored = bench.create(1, row: 6, "b")
    #expect(!isStored && bench.draft.isEmpty && bench.tail(1) == .text("a"))
  }

  @Test func updatesOfDifferentColumnsAreOneStatementOverAllOfThem() throws {
    var bench = try Bench()
    bench.find(1, row: 5, "a")
    bench.find(2, row: 6, "b", gate: .integer(4))
    bench.patch(1, 0, "c")
    bench.patch(2, 1, "d", clearing: [0])
    #expect(try bench.sent(bench.draft) == ["UPDATE 2", "INSERT 2"])
    #expect(
      bench.statements.update([0, 1], cleared: [0])
        == "UPDATE \(bench.schema.name).m7 AS t SET updated_at = u.updated_at, sequence = u.sequence, c1 = u.c1, "
        + "c2 = u.c2, c3 = u.c3 FROM (SELECT unnest($1), unnest($2), unnest($3), unnest($4), unnest($5), unnest($6)) "
        + "AS u(n, updated_at, sequence, c1, c2, c3) WHERE t.n = u.n")
  }

  @Test func whatCameBehindAMarkIsTakenBack() throws {
    var bench = try Bench()
    bench.find(1, row: 5, "a")
    for number in 2...3 { bench.miss(number) }
    bench.create(2, row: 6, "b")
    bench.draft.setMark()
    bench.patch(1, 0, "c")
    bench.patch(1, 0, "d")
    bench.delete(2)
    bench.create(3, row: 7, "e")
    let needsDatabase = bench.draft.takeBack()
    let hasMark = bench.draft.release()
    #expect(!needsDatabase && !hasMark)
    #expect(bench.tail(1) == .text("a") && bench.tail(2) == .text("b") && bench.tail(3) == nil)
    #expect(bench.draft.rows[bench.key(2)]?.deletion == 0)
    #expect(try bench.sent(bench.draft) == ["INSERT 1", "INSERT 1"])
  }

  @Test func whatCameBeforeAMarkIsSentBeforeWhatCameBehindIt() throws {
    var bench = try Bench()
    bench.find(1, row: 5, "a")
    for number in 2...3 { bench.miss(number) }
    bench.create(2, row: 6, "b")
    bench.draft.setMark()
    #expect(bench.draft.needsMark)
    bench.patch(1, 0, "c")
    bench.patch(2, 0, "d")
    bench.create(3, row: 7, "e")
    try bench.draft.sendBeforeMark { [bench] draft in
      let sent = try bench.sent(draft)
      #expect(sent == ["INSERT 1", "INSERT 1"])
    }
    #expect(!bench.draft.needsMark)
    #expect(try bench.sent(bench.draft) == ["UPDATE 2", "INSERT 1", "INSERT 3"])
    bench.draft.settle()
    bench.delete(3)
    #expect(try bench.sent(bench.draft) == ["DELETE 1", "INSERT 1"])
    // The database goes back to its mark, and the draft to what was sent until then.
    let needsDatabase = bench.draft.takeBack()
    #expect(needsDatabase && bench.draft.isEmpty)
    #expect(bench.tail(1) == .text("a") && bench.tail(2) == .text("b") && bench.tail(3) == nil)
    bench.patch(2, 0, "f")
    #expect(try bench.sent(bench.draft) == ["UPDATE 1", "INSERT 1"])
    let hasMark = bench.draft.release()
    #expect(hasMark)
  }

  @Test func whoLinksAnAttachmentIsReadAgain() throws {
    var bench = try Bench()
    bench.find(1, row: 5, "a")
    bench.draft.setMark()
    var changes = KeptChanges()
    changes.linking = [
      LinkingObject(model: 7, id: .numbered(1), row: 5, updatedAt: 9, sequence: 200, previous: 5, values: [])
    ]
    bench.draft.store(changes, origin: "test", version: 1)
    #expect(bench.draft.rows[bench.key(1)] == nil && bench.draft.isLinking)
    _ = bench.draft.takeBack()
    #expect(bench.tail(1) == .text("a") && !bench.draft.isLinking && bench.draft.isEmpty)
  }
}
