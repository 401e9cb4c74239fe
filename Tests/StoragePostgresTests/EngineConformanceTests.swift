import Storage
import StorageConformance
import Testing

/// One after the other: each has a database and two nodes' connections.
@Suite("PostgreSQL keeps the contract of engines and control stores", .serialized)
struct EngineConformanceTests {
  @Test("conforms", arguments: StorageConformance.engineCases)
  func conforms(to promise: EngineCase) async throws {
    let bed = try PostgresEngineBed()
    try await promise.run(bed)
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
