import Storage
import StorageConformance
import Testing

/// One after the other: each has a database and two nodes' connections.
@Suite("PostgreSQL keeps the contract of engines and control stores", .serialized)
struct EngineConformanceTests {
  /// What does not pass yet, with the reason. A case that passes all the same fails, so that the list only shrinks.
  private static let notYet: [String: String] = [:]

  @Test("conforms", arguments: StorageConformance.engineCases)
  func conforms(to promise: EngineCase) async throws {
    let bed = try PostgresEngineBed()
    guard let reason = Self.notYet[promise.description] else { return try await promise.run(bed) }
    await withKnownIssue("\(reason)") { try await promise.run(bed) }
  }

  @Test("has no case on the list of those that do not pass which is no case any more")
  func list() {
    #expect(Set(Self.notYet.keys).isSubset(of: StorageConformance.engineCases.map(\.description)))
  }

  @Test("finds a node with a fault of its control store", arguments: ControlFault.allCases)
  func finds(_ fault: ControlFault) async throws {
    #expect(!fault.cases.isEmpty)
    for name in fault.cases {
      let promise = try #require(StorageConformance.engineCases.first { $0.description == name }, "\(name)")
      let bed = FaultyEngineBed(try PostgresEngineBed(), fault)
      await #expect(throws: ConformanceFailure.self, "\(fault.rawValue) by: \(name)") { try await promise.run(bed) }
    }
  }
}
