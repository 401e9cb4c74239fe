import DataModel
import Storage
import Testing
import Wire

@testable import StoragePostgres

@Suite("An object of more values than a row of PostgreSQL holds")
struct RowSizeTests {
  private static let fields = 700

  private static func model() throws -> DataModel {
    let fields = (0..<fields).map { "<field name=\"f\($0)\" label=\"F\" type=\"text\"/>" }.joined()
    let xml = "<data-model><model name=\"flight\" label=\"A\">\(fields)<display>A</display></model></data-model>"
    return try #require(DataModelReader.read(Array(xml.utf8)).model)
  }

  /// With a text of 20 bytes, which PostgreSQL keeps in the row, in so many fields.
  private static func row(_ filled: Int) -> [StoredValue] {
    (0..<fields).map { $0 < filled ? .text("01234567890123456789") : .null }
  }

  @Test("is refused as such, and what others write at the same time is kept")
  func refused() async throws {
    let bed = try PostgresBed()
    let store = try await bed.create(Self.model(), clock: ManualClock(), waitingWrites: nil)
    let model = try #require(store.dataModel["flight"])
    func plan(_ number: UInt64, _ filled: Int) -> WritePlan {
      WritePlan(steps: [.create(model, ObjectID(high: 1, low: number), Self.row(filled))], origin: "password")
    }
    // Some of them come into one group.
    let failures = await withTaskGroup(of: (UInt64, StorageError?).self) { group in
      for number in 0..<20 as Range<UInt64> {
        let plan = plan(number, number % 4 == 3 ? Self.fields : 300)
        group.addTask {
          do {
            _ = try await store.write(plan)
            return (number, nil)
          } catch {
            return (number, error as? StorageError ?? .broken("\(error)"))
          }
        }
      }
      return await group.reduce(into: [UInt64: StorageError]()) { $0[$1.0] = $1.1 }
    }
    #expect(failures == Dictionary(uniqueKeysWithValues: [3, 7, 11, 15, 19].map { ($0, .rowTooLarge) }))
    #expect(try await store.read { try $0.count(model, .always) } == 15)
    #expect(try await store.read { try $0.oplog(from: 0, limit: 100).count } == 15)
    // One that grows too large keeps what it had.
    let all = Self.row(Self.fields).enumerated().map { (position: $0.offset, value: $0.element) }
    let patch = WritePlan(steps: [.patch(model, ObjectID(high: 1, low: 0), all)], origin: "password")
    await #expect(throws: StorageError.rowTooLarge) { try await store.write(patch) }
    let found = try await store.read {
      try $0.object(model, ObjectID(high: 1, low: 0))?.value(0, RowPage.Lead.count + 300)
    }
    #expect(found == .null)
    #expect(store.isFit)
    await store.close()
    await bed.close()
  }
}
