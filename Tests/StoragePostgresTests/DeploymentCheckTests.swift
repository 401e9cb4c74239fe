import DataModel
import PostgresUnderTest
import ServerUnderTest
import StorageUnderTest
import Testing
import Wire

@testable import Storage
@testable import StorageConformance
@testable import StoragePostgres

/// What `sojourn fsck` says of a database.
@Suite(.serialized) struct DeploymentCheckTests {
  private static let schema = "d_\(PostgresBed.deployment)"

  /// A deployment with a history: objects that came, changed, went and came again, attachments that some of them link, a
  /// later data model, and a trimmed oplog.
  private func write(_ scene: AttachmentScene) async throws {
    let (base, model) = (scene.base, scene.model)
    let (first, second) = (scene.new(1, bytes: 7, name: "a.pdf"), scene.new(2, bytes: 9, name: nil))
    try await scene.put(1, photo: first.id, bringing: [first])
    try await scene.put(2, photo: first.id)
    try await scene.put(3, photo: second.id, bringing: [second])
    try await scene.put(4, photo: nil)
    try await base.write(try model.patch(.numbered(1), ["name": .text("b")]))
    try await base.write(.delete(model, .numbered(3)))
    try await base.write(.delete(model, .numbered(4)))
    try await scene.put(4, photo: .numbered(77))
    try await base.write(.delete(model, .numbered(2)))
    try await base.write(try model.patch(.numbered(1), ["name": .text("c")]))
    let entries = try await base.oplog()
    _ = try await base.store.trimOplog(.before(entries[1].sequence))
    try await base.deploy(
      SampleModel.document(
        SampleModel.flight(
          SampleModel.field("name", "text") + SampleModel.field("photo", "photo") + SampleModel.field("miles", "number")
        )
          + #"<model name="airline" label="Airline"><field name="name" label="Name" type="text"/><display>{name}</display></model>"#
      ))
    try await base.write(.create(try base.model("airline"), .numbered(1), try base.model("airline").row()))
  }

  private func check(
    _ database: PostgresDatabase, told: (DeploymentCheck.Part) -> Void = { _ in }
  ) throws -> DeploymentCheck.Report {
    try DeploymentCheck(deployment: PostgresBed.deployment, at: try PostgresAddress(database.address))
      .run(countingLinks: true, progress: told)
  }

  @Test func aHealthyDeploymentIsFoundWholeAndEachDamageOfItIsNamed() async throws {
    let bed = try PostgresBed()
    try await AttachmentScene.with(bed) { try await write($0) }
    await bed.close()
    var parts: [DeploymentCheck.Part] = []
    let healthy = try check(bed.database) { parts.append($0) }
    #expect(healthy.findings == [], "\(healthy.findings.map(\.sentence))")
    #expect(healthy.models == 2 && healthy.objects == 3 && healthy.entries == 10)
    #expect(parts == DeploymentCheck.Part.allCases)
    for group in Self.damages {
      let copy = try bed.database.cluster.copy(of: bed.database)
      try copy.run("SET search_path = \(Self.schema), pg_catalog; \(group.map(\.sql).joined(separator: "; "))")
      let found = try check(copy).findings
      for damage in group {
        #expect(
          found.contains { $0.part == damage.part && $0.sentence.contains(damage.words) },
          "\(damage.sql): \(damage.words) is not among \(found.map(\.sentence))")
      }
      copy.drop()
    }
  }

  private struct Damage {
    let part: DeploymentCheck.Part
    let sql: String
    /// What the finding has.
    let words: String

    init(_ part: DeploymentCheck.Part, _ sql: String, _ words: String) {
      (self.part, self.sql, self.words) = (part, sql, words)
    }
  }

  private static let (last, one) = ("(SELECT max(sequence) FROM oplog)", "'\(ObjectID.numbered(1))'")
  private static let newest = "(SELECT max(number) FROM commits)"

  /// Each group is done to a copy of its own. Damages of one group keep out of each other's way.
  private static let damages: [[Damage]] = [
    [Damage(.tables, "DROP SCHEMA \(schema) CASCADE", "has no schema \(schema)")],
    [
      Damage(.tables, "DROP TABLE leases", "the table leases is missing"),
      Damage(.tables, "ALTER TABLE oplog DROP COLUMN origin", "the table oplog has no column origin"),
      Damage(.tables, "ALTER TABLE commits ALTER COLUMN at TYPE numeric", "column at of commits has the type numeric"),
      Damage(.tables, "ALTER TABLE facts ALTER COLUMN value TYPE text COLLATE \"POSIX\"", "text of another collation"),
    ],
    [
      Damage(.tables, "DROP TABLE m1", "the model flight has no table: m1 is missing"),
      Damage(.tables, "ALTER TABLE m2 ADD COLUMN c99 bigint", "has a column c99 that nobody knows"),
      Damage(.tables, "CREATE TABLE m99 (n bigint)", "the table m99 is no model's"),
    ],
    [
      Damage(.tables, "ALTER TABLE m1 DROP COLUMN c1", "the table m1 has no column c1, which keeps name of flight"),
      Damage(.tables, "DELETE FROM models WHERE number = 2; DROP TABLE m2", "columns of a model 2, and no such model"),
    ],
    [Damage(.tables, "DELETE FROM deploys", "no data model was ever deployed")],
    [Damage(.tables, "UPDATE models SET name = 'plane' WHERE number = 1", "the data model in force cannot be used")],
    [
      Damage(
        .indexes, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'm1_updated_at'::regclass",
        "the index m1_updated_at of m1 is not valid"),
      Damage(.indexes, "DROP INDEX m1_id", "nothing keeps ids in the table m1 unique"),
      Damage(.indexes, "ALTER TABLE oplog DROP CONSTRAINT oplog_pkey", "the table oplog has lost its primary key"),
      Damage(.indexes, "DROP INDEX oplog_gone", "the index oplog_gone is missing"),
    ],
    [
      Damage(.commits, "DELETE FROM commits", "there is no commit"),
      Damage(.commits, "DELETE FROM head", "the row of head that writers lock is missing"),
    ],
    [
      Damage(.commits, "DELETE FROM commits WHERE number = 4", "commit 5 follows commit 3"),
      Damage(
        .commits, "UPDATE commits SET last_sequence = 1 WHERE number = \(newest)", "before the commit that precedes it"),
      Damage(.commits, "SELECT 1", "the oplog goes on to"),
    ],
    [Damage(.commits, "DELETE FROM oplog WHERE sequence = \(last)", "is missing from the oplog")],
    [
      Damage(
        .counts, "INSERT INTO counters SELECT 1, \(newest) + 1, 5, 9",
        "the model flight has 2 objects, and 5 are counted"),
      Damage(.counts, "DELETE FROM counters WHERE model = 2", "the model airline has 1 objects, and 0 are counted"),
      Damage(.counts, "UPDATE counters SET last_row = 0", "the newest object of flight has the row number"),
      Damage(.counts, "INSERT INTO counters VALUES (77, 1, 0, 0)", "there is a count of a model 77"),
    ],
    [
      Damage(
        .oplog, "UPDATE facts SET value = \(last)::text WHERE key = 'trimmed'",
        "10 entries are there that are noted as trimmed")
    ],
    [
      Damage(
        .oplog, "UPDATE oplog SET model = 55 WHERE sequence = \(last)", "is of a model 55, and there is no such model"),
      Damage(
        .oplog,
        "DELETE FROM oplog o WHERE operation = 3 AND EXISTS (SELECT FROM oplog n WHERE n.previous = o.sequence)",
        "and the one before it is"),
    ],
    [
      Damage(
        .oplog, "UPDATE oplog SET operation = 9 WHERE sequence = \(last)", "has the operation 9, which there is not"),
      Damage(
        .oplog, "UPDATE oplog SET previous = NULL WHERE operation = 3",
        "is to follow nothing, and the one before it is"),
    ],
    [
      Damage(
        .oplog,
        "DELETE FROM oplog WHERE sequence = (SELECT min(sequence) FROM oplog WHERE operation = 2 AND id = \(one))",
        "which is missing")
    ],
    [
      Damage(
        .oplog, "UPDATE oplog SET operation = 2 WHERE operation = 1", "is the first about it, and no creation")
    ],
    [
      Damage(
        .oplog, "UPDATE oplog SET operation = 1 WHERE operation = 2", "creates an object that there was already")
    ],
    [
      Damage(
        .oplog,
        "UPDATE oplog SET operation = 3 WHERE sequence = (SELECT min(sequence) FROM oplog WHERE operation = 2)",
        "changes an object that was deleted")
    ],
    [Damage(.objects, "DELETE FROM m1 WHERE id = \(one)", "is missing: the entry")],
    [
      Damage(.objects, "UPDATE m1 SET sequence = sequence + 1000 WHERE id = \(one)", "and its last entry is"),
      Damage(
        .objects, "UPDATE m1 SET updated_at = 5 WHERE id <> \(one)", "another time of its last change than its entry"),
      Damage(
        .objects,
        "INSERT INTO m1 (n, id, updated_at, sequence) SELECT 90, '\(ObjectID.numbered(3))', 1, \(last) + 5",
        "is there, and was deleted by the entry"),
      Damage(
        .objects, "INSERT INTO m1 (n, id, updated_at, sequence) SELECT 91, '\(ObjectID.numbered(99))', 1, \(last) + 6",
        "which is missing from the oplog"),
    ],
    [
      Damage(.attachments, "UPDATE attachment_totals SET bytes = bytes + 1", "and the totals say"),
      Damage(.attachments, "UPDATE attachments SET links = 9 WHERE links = 1", "is linked 1 times, and 9 are noted"),
      Damage(.attachments, "UPDATE blobs SET attachments = 5", "are those of 1 attachments, and 5 are noted"),
    ],
    [
      Damage(.attachments, "DELETE FROM attachment_totals", "their totals are missing"),
      Damage(.attachments, "UPDATE attachments SET unlinked_since = 5", "since when nothing needs it is noted wrongly"),
      Damage(.attachments, "DELETE FROM blobs", "they are not kept at all"),
    ],
    [Damage(.attachments, "DELETE FROM attachments", "it is not known at all")],
  ]

  @Test func aCheckBesideWritersSeesOneState() async throws {
    let bed = try PostgresBed()
    try await AttachmentScene.withNodes(bed) { here, there in
      let writing = Task {
        for number in 0..<60 {
          try await (number % 2 == 0 ? here : there).put(number % 7, photo: number % 3 == 0 ? .numbered(500) : nil)
          if number % 5 == 0 { _ = try await here.base.write([.delete(here.model, .numbered(number % 7))]) }
        }
      }
      for _ in 0..<6 {
        let report = try await Task.detached { try check(bed.database) }.value
        #expect(report.findings == [], "\(report.findings.map(\.sentence))")
      }
      try await writing.value
    }
    await bed.close()
  }

  @Test func aDatabaseWithoutTheDeploymentAndAnIDThatIsNoneAreSentences() throws {
    let database = try PreparedDatabase.copy()
    defer { database.drop() }
    let report = try check(database)
    #expect(report.findings.map(\.part) == [.tables] && report.findings[0].sentence.contains("has no schema"))
    #expect(throws: StorageError.self) {
      try DeploymentCheck(deployment: "nobody", at: try PostgresAddress(database.address))
    }
  }
}
