import Storage
import StorageConformance
import Testing

/// One after the other: each has a database and two nodes' connections.
@Suite("PostgreSQL keeps the contract of engines and control stores", .serialized)
struct EngineConformanceTests {
  private static let noObjects = "objects are not kept in PostgreSQL yet"

  /// What does not pass yet, with the reason. A case that passes all the same fails, so that the list only shrinks.
  private static let notYet = [
    "An engine makes a deployment that is there after a restart, and not after its removal": noObjects,
    "An engine makes a deployment anew under the id of one that was removed": noObjects,
    "An engine names deployments with data that the control store does not know": noObjects,
    "An engine never makes a deployment over objects that there are": noObjects,
    "An engine makes a deployment over what a creation that was cut off left, which holds no objects": noObjects,
  ]

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
