import DataModel
import Storage
import Testing
import Wire

@testable import StorageSQLite

@Suite("A table that is full of columns")
struct ColumnLimitTests {
  private func model(_ fields: Int, _ type: String) throws -> DataModel {
    let list = (0..<fields).map { "<field name=\"f\($0)\" label=\"A\" type=\"\(type)\"/>" }.joined()
    return try #require(
      DataModelReader.read(
        Array(
          "<data-model><model name=\"flight\" label=\"A\">\(list)<display>A</display></model></data-model>"
            .utf8)
      ).model)
  }

  @Test("refuses the data model in plain words, and goes on under the one it has")
  func full() async throws {
    let bed = try SQLiteBed()
    let store = try bed.create(model(999, "text"), clock: ManualClock(), options: .init())
    _ = try await store.deploy(model(990, "integer"), by: nil)
    do {
      _ = try await store.deploy(model(990, "number"), by: nil)
      Issue.record("it was deployed")
    } catch StorageError.unusable(let sentence) {
      #expect(sentence.hasPrefix("The model flight has had 1989 fields and relationships so far"))
    }
    let flight = try #require(store.dataModel["flight"])
    #expect(store.dataModel.version == 2)
    let row = (0..<990).map { StoredValue.integer($0) }
    let id = ObjectID(high: 1, low: 1)
    _ = try await store.write(WritePlan(steps: [.create(flight, id, row)], origin: "password"))
    let value = try await store.read { try $0.object(flight, id)?.integer(0, RowPage.Lead.count + 989) }
    #expect(value == 989)
    await store.close()
  }
}
