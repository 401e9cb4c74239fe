import Foundation
import Testing

/// What the fuzzers started from and what they found, tried again: `script/fuzz` looks for more.
@Suite("The corpus of the fuzzers") struct CorpusTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Corpus")

  @Test("breaks no promise", arguments: FuzzTarget.allCases)
  func keepsPromises(_ target: FuzzTarget) throws {
    let files = try FileManager.default.contentsOfDirectory(
      at: Self.folder.appending(path: target.rawValue), includingPropertiesForKeys: nil)
    #expect(!files.isEmpty, "a target has inputs to begin with")
    for file in files {
      let bytes = [UInt8](try Data(contentsOf: file))
      do throws(BrokenPromise) { try target.check(bytes) } catch {
        Issue.record("\(target.rawValue)/\(file.lastPathComponent): \(error)")
      }
    }
  }

  @Test("is there for these targets and no others")
  func folders() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path())
    #expect(Set(names) == Set(FuzzTarget.allCases.map(\.rawValue)))
  }
}
