import Crypto
import Deployments
import Foundation
import HTTPServer
import Testing
import Wire

@Suite("The page of an enrolment token")
struct EnrolmentPageTests {
  private static let node = ["/usr/bin/node", "/usr/local/bin/node"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  private func page() async throws -> (policy: String, text: String) {
    let api = try await TestAPI()
    let answer = await api.send(.get, "/enroll/\(api.deploymentID)", authorization: .some(nil))
    #expect(answer.status == 200)
    #expect(answer.headers["content-type"] == "text/html; charset=utf-8")
    let other = await api.send(.get, "/enroll/000000000000000000000000", authorization: .some(nil))
    #expect(other.text == answer.text, "it does not say whether there is such a deployment")
    #expect(await api.send(.get, "/enroll/x", authorization: .some(nil)).status == 404)
    await api.deployments.close()
    return (answer.headers["content-security-policy"] ?? "", answer.text)
  }

  private func inside(_ name: String, of page: String) throws -> String {
    let parts = page.components(separatedBy: "<\(name)>")
    try #require(parts.count == 2, "one \(name)")
    return parts[1].components(separatedBy: "</\(name)>")[0]
  }

  @Test("runs its own script and nothing else, and loads nothing")
  func policy() async throws {
    let (policy, text) = try await page()
    #expect(policy.hasPrefix("default-src 'none'; "))
    for name in ["script", "style"] {
      let hash = Base64.encode(SHA256.hash(try inside(name, of: text)))
      #expect(policy.contains("\(name)-src 'sha256-\(hash)'"))
    }
    for word in ["src=", "href=", "url(", "import"] { #expect(!text.contains(word), "\(word)") }
  }

  /// Compared with an independent writer of QR codes; readers were shown all lengths from 1 to 213.
  @Test("draws the code that others draw", .enabled(if: node != nil, "needs Node"))
  func code() async throws {
    let script = try inside("script", of: try await page().text)
    let program =
      "const location = {hash: ''}, addEventListener = () => 0, document = {getElementById: () => ({replaceChildren() {}})}\n"
      + script + """

        const address = 'https://flights.example.org/enroll/5f0d4c1e0f434f528b0c6d0f#abcXYZ-_09abcXYZ-_09abcXYZ-_09ab'
        console.log(qrCode('https://').map(row => row.join('')).join(' '))
        console.log(require('crypto').createHash('sha256').update(
          qrCode(address).map(row => row.join('')).join(String.fromCharCode(10))).digest('hex'))
        console.log(qrCode('x'.repeat(214)))
        """
    let process = Process()
    process.executableURL = URL(filePath: try #require(Self.node))
    process.arguments = ["-e", program]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let lines = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      .split(separator: "\n")
    process.waitUntilExit()
    let small = """
      111111100011101111111 100000101101101000001 101110100011001011101 101110100001101011101 \
      101110101111101011101 100000100001001000001 111111101010101111111 000000000000000000000 \
      101010100010100010010 110000000011001110001 010011111011010010111 011000001011110010010 \
      101111111111001101000 000000001110001110011 111111100110100010111 100000100100001110010 \
      101110101010101001000 101110100111010011010 101110101011011010101 100000100101110010010 \
      111111101011011011011
      """
    let large = "900d85c3ba88bdf0615d01951ac7db7d94ae6d4e210dc8a95dc4885cb9206dfd"
    #expect(lines.map(String.init) == [small, large, "null"])
  }
}
