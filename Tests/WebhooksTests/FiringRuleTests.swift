import DataModel
import JSON
import Storage
import Testing
import Wire

@testable import Webhooks

@Suite("What a webhook fires for")
struct FiringRuleTests {
  private static let xml = """
    <data-model><model name="airline" label="A"><field name="name" label="N" type="text"/><display>{name}</display></model>
    <model name="flight" label="F"><field name="tail" label="T" type="text"/><field name="gate" label="G" type="text"/>
    <field name="photo" label="P" type="photo"/><belongs-to model="airline"/><display>{tail}</display>
    <webhook type="update" name="saved"/>
    <webhook type="update" name="complete"><field name="tail"/><field name="gate" required="false"/>
    <field name="airline"/></webhook>
    <webhook type="ready" name="pictured"><field name="photo" state="uploaded"/></webhook></model></data-model>
    """

  private func webhook(_ name: String) throws -> DeclaredWebhook {
    let (model, findings) = DataModelReader.read(Array(Self.xml.utf8))
    let read = try #require(model, "\(findings)")
    let models = read.models.enumerated().map { number, model in
      StoredModel(
        number: number, model: model,
        columns: (model.fields.map(StoredColumn.Source.field) + model.belongsTo.map(StoredColumn.Source.belongsTo))
          .enumerated().map { StoredColumn(number: $0, source: $1) }, version: 1)
    }
    let stored = StoredDataModel(
      model: read, models: models, version: 1, deployedAt: .first, deployedBy: nil)
    return try #require(DeclaredWebhook.named(name, in: stored))
  }

  private static let id = ObjectID(high: 1, low: 2)

  @Test(
    "saves after which everything required is set; no deletes",
    arguments: [
      ("saved", OplogEntry.Operation.create, [.null, .null, .null, .null], true),
      ("saved", .update, [.text("N1"), .null, .null, .null], true),
      ("saved", .delete, [.text("N1"), .null, .null, .null], false),
      ("complete", .create, [.text("N1"), .null, .null, .id(id)], true),
      ("complete", .update, [.text("N1"), .text("A1"), .null, .id(id)], true),
      ("complete", .update, [.null, .text("A1"), .null, .id(id)], false),
      ("complete", .update, [.text("N1"), .text("A1"), .null, .null], false),
      ("complete", .delete, [.text("N1"), .text("A1"), .null, .id(id)], false),
    ] as [(String, OplogEntry.Operation, [StoredValue], Bool)])
  func fires(_ name: String, _ operation: OplogEntry.Operation, _ values: [StoredValue], _ expected: Bool) throws {
    var rows = RowFiller(columns: 4, rows: 1)
    rows.append(id: Self.id)
    for _ in 1..<RowPage.Lead.count { rows.append(integer: 0) }
    for value in values { rows.append(value) }
    let page = rows.finish()
    #expect(FiringRule(try webhook(name)).fires(for: operation, page.view, 0, isUploaded: { _ in true }) == expected)
    withExtendedLifetime(page) {}
  }

  @Test("an attachment that must be uploaded waits for its bytes")
  func uploads() throws {
    var rows = RowFiller(columns: 4, rows: 1)
    rows.append(id: Self.id)
    for _ in 1..<RowPage.Lead.count { rows.append(integer: 0) }
    for value in [StoredValue.null, .null, .id(Self.id), .null] { rows.append(value) }
    let page = rows.finish()
    let rule = FiringRule(try webhook("pictured"))
    var asked: [ObjectID] = []
    for isThere in [true, false] {
      let fires = rule.fires(for: .update, page.view, 0) {
        asked.append($0)
        return isThere
      }
      #expect(fires == isThere)
    }
    #expect(asked == [Self.id, Self.id])
    #expect(!rule.fires(for: .delete, page.view, 0, isUploaded: { _ in true }))
    withExtendedLifetime(page) {}
  }

  @Test("embeds the relationships that it names, and no fields")
  func embedding() throws {
    #expect(try webhook("complete").embedded == ["airline"])
    #expect(try webhook("saved").embedded == [])
  }

  @Test("ready fires once for each object, and for that very entry whenever it is looked at again")
  func ready() {
    let (a, b, c) = (ObjectID(high: 0, low: 1), ObjectID(high: 0, low: 2), ObjectID(high: 0, low: 3))
    let entries: [(sequence: Int64, object: ObjectID)] = [(10, a), (11, b), (12, a), (13, c), (14, c), (15, b)]
    func fired(_ known: [ObjectID: Int64]) -> [Int64] {
      ReadyRule.firings(among: entries, fired: known).map(\.sequence)
    }
    #expect(fired([:]) == [10, 11, 13])
    #expect(fired([a: 3]) == [11, 13])
    #expect(fired([a: 12, b: 11, c: 13]) == [11, 12, 13])
    #expect(fired([a: 1, b: 1, c: 1]) == [])
  }

  @Test("the body names event, server, deployment and entry, and holds the object")
  func body() throws {
    let entry = RenderedEntry(
      sequence: 1_848_563_712_000_001, operation: .update, object: ByteBlock(Array("{\"id\":\"x\"}".utf8)))
    let json = DeliveryBody.json(
      event: "flight_status", server: "https://api.example.org", deployment: "65f0", appID: "77", entry)
    #expect(
      String(decoding: json, as: UTF8.self)
        == "{\"event\":\"flight_status\",\"server\":\"https://api.example.org\",\"app\":\"65f0\",\"app_id\":\"77\","
        + "\"account_id\":\"65f0\",\"sequence\":1848563712000001,\"operation\":\"update\",\"object\":{\"id\":\"x\"}}")
    #expect((try? JSONDocument.read(json)) != nil)
  }
}
