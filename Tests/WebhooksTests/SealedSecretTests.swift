import Storage
import Testing
import Webhooks

/// What one node seals another one opens, if it was given the same key.
@Suite("A webhook's sealed secret")
struct SealedSecretTests {
  private static let key = [UInt8](repeating: 1, count: 32)
  private let state = WebhookState(enabling: "arrivals", url: "https://a.example", position: 1, sealing: key)

  @Test("is opened by another node with the same key")
  func sameKey() throws {
    let other = try WebhookState(state.record, [], sealing: Self.key)
    #expect(other.secrets == state.secrets)
    #expect(!state.record.secret.isEmpty && state.record.secret != Array(state.secrets.current.utf8))
  }

  @Test("is refused by one with another key, in a sentence that says what to do")
  func anotherKey() {
    let fault = #expect(throws: WebhookFault.self) {
      try WebhookState(state.record, [], sealing: [UInt8](repeating: 2, count: 32))
    }
    #expect(fault?.sentence.hasPrefix("The secret of the webhook arrivals cannot be opened") == true)
    #expect(fault?.sentence.contains("Restore that file from a backup") == true)
  }
}
