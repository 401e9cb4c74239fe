import Deployments
import Foundation
import Testing

@Suite("The server's key")
struct ServerKeyTests {
  private let path = NSTemporaryDirectory() + "sojourn-key-\(UUID().uuidString)"

  @Test("is made once, is read again, and gives each purpose a key of its own")
  func life() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let made = try ServerKey.load(at: path)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(try ServerKey.load(at: path).derived("a") == made.derived("a"))
    #expect(made.derived("a") != made.derived("b"))
    #expect(made.derived("a").count == 32)
    #expect(ServerKey.random().derived("a") != made.derived("a"))
  }

  @Test("of another length is refused, and left as it is", arguments: [0, 31, 33, 100])
  func broken(count: Int) throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let bytes = Data(repeating: 7, count: count)
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(throws: DeploymentFault.self) { try ServerKey.load(at: path) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
  }
}
