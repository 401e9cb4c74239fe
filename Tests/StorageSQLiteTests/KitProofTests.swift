import Storage
import StorageConformance
import Testing

/// A kit that passes whatever a node does would prove nothing: with each fault of a node, the cases fail that are
/// there for it.
@Suite("The conformance kit")
struct KitProofTests {
  @Test("finds a node with a fault", arguments: NodeFault.allCases)
  func finds(_ fault: NodeFault) async throws {
    #expect(!fault.cases.isEmpty)
    for name in fault.cases {
      let promise = try #require(StorageConformance.nodes.first { $0.name == name }, "\(name)")
      let bed = FaultyBed(try SQLiteBed(), fault)
      await expectFailure(of: name, by: fault.rawValue) { try await promise.run(bed) }
    }
  }

  @Test("finds a node with a fault of its control store", arguments: ControlFault.allCases)
  func finds(_ fault: ControlFault) async throws {
    #expect(!fault.cases.isEmpty)
    for name in fault.cases {
      let promise = try #require(StorageConformance.engineCases.first { $0.description == name }, "\(name)")
      let bed = FaultyEngineBed(try SQLiteEngineBed(), fault)
      await expectFailure(of: name, by: fault.rawValue) { try await promise.run(bed) }
    }
  }

  /// Holds a case to finding something, and not to breaking by chance.
  private func expectFailure(of name: String, by fault: String, _ body: () async throws -> Void) async {
    do {
      try await body()
      Issue.record("\(fault) was not found by: \(name)")
    } catch is ConformanceFailure {
    } catch StorageError.replan {
      // Who never hears of a deploy is refused to the end.
    } catch {
      Issue.record("\(fault) broke the case «\(name)», which should have found it: \(error)")
    }
  }
}
