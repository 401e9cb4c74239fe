import Crypto
import Foundation
import Testing
import Wire

@testable import Webhooks

@Suite("Signatures")
struct SigningKeyTests {
  /// What `openssl` says, a tool that knows nothing of this code.
  private func openssl(_ arguments: [String]) throws -> (code: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = Pipe()
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  @Test("openssl verifies both, and refuses another body")
  func openssl() throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("signatures-\(UUID())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
      let url = directory.appendingPathComponent(name)
      try Data(bytes).write(to: url)
      return url.path
    }
    let key = try SigningKey(privatePEM: try SigningKey.random().privatePEM)
    let body = Array("{\"event\":\"flight_status\",\"object\":{\"name\":\"Zürich ✈\"}}".utf8)
    let signature = try key.signature(of: body)
    let pem = try file("key.pem", Array(key.publicPEM.utf8))
    let code = try file("signature", signature)
    let good = try openssl(["dgst", "-sha256", "-verify", pem, "-signature", code, try file("body", body)])
    #expect(good.code == 0)
    #expect(good.output.contains("Verified OK"))
    let bad = try openssl(["dgst", "-sha256", "-verify", pem, "-signature", code, try file("other", body + [32])])
    #expect(bad.code != 0)
    let secret = WebhookSecrets.random()
    let hmac = try openssl(["dgst", "-sha256", "-hmac", secret, try file("body", body)])
    #expect(hmac.output.contains(WebhookSecrets(current: secret).signature(of: body)))
    #expect(try SigningKey.isValid(signature, of: body, publicPEM: key.publicPEM))
    #expect(try !SigningKey.isValid(signature, of: body + [32], publicPEM: key.publicPEM))
    #expect(throws: SigningKey.Fault.self) { try SigningKey(privatePEM: "no key") }
  }

  @Test("a sealed box opens under its own key, whole and unchanged alone")
  func sealing() {
    let key = Secret.random(bytes: 32)
    let bytes = Array("a secret".utf8)
    var sealed = SealedBox.seal(bytes, under: key)
    #expect(SealedBox.open(sealed, under: key) == bytes)
    #expect(SealedBox.seal(bytes, under: key) != sealed)
    #expect(SealedBox.open(sealed, under: Secret.random(bytes: 32)) == nil)
    #expect(SealedBox.open(Array(sealed.dropLast()), under: key) == nil)
    #expect(SealedBox.open([], under: key) == nil)
    sealed[30] ^= 1
    #expect(SealedBox.open(sealed, under: key) == nil)
    #expect(SealedBox.open(SealedBox.seal([], under: key), under: key) == [])
  }
}
