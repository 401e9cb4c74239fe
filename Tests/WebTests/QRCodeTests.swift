import PageReading
import Testing
import Web
import Wire

/// QR codes as pages draw them. What they say was read by a reader of its own, for all lengths.
@Suite("QR codes")
struct QRCodeTests {
  private static let address =
    "https://flights.example.org/enroll/5f0d4c1e0f434f528b0c6d0f#abcXYZ-_09abcXYZ-_09abcXYZ-_09ab"

  @Test func aCodeIsAsLargeAsItsTextNeeds() throws {
    for (text, side) in [("https://", 21), (Self.address, 41), (String(repeating: "x", count: 1000), 121)] {
      #expect(try #require(QRCode(text)).side == side)
    }
    #expect(QRCode("") == nil)
    #expect(QRCode(String(repeating: "x", count: 1001)) == nil)
    #expect(QRCode("\u{0}\u{202E}é") != nil)
  }

  /// A dark ring around a light one around nine dark modules.
  private static func isFinder(_ code: QRCode, _ left: Int, _ top: Int) -> Bool {
    (0..<7).allSatisfy { y in
      (0..<7).allSatisfy { x in
        let ring = max(abs(x - 3), abs(y - 3))
        return code.isDark(left + x, top + y) == (ring != 2)
      }
    }
  }

  @Test func itsCornersAreWhatReadersLookFor() throws {
    let code = try #require(QRCode(Self.address))
    let far = code.side - 7
    #expect([(0, 0), (far, 0), (0, far)].allSatisfy { Self.isFinder(code, $0.0, $0.1) })
    #expect(!Self.isFinder(code, far, far))
  }

  @Test func theDrawingHasTheModulesAndRoomAround() throws {
    let code = try #require(QRCode(Self.address))
    var writer = ByteWriter(capacity: 1024)
    writer.append(code.html("Link & code"))
    let page = try ReadPage(writer.array)
    let svg = try #require(page.all("svg").first)
    #expect(svg.attributes["viewBox"] == "-4 -4 49 49" && svg.attributes["aria-label"] == "Link & code")
    let path = try #require(page.all("path").first?.attributes["d"])
    var drawn: Set<[Int]> = []
    for run in path.split(separator: "M") {
      let numbers = run.split { !$0.isNumber }.compactMap { Int($0) }
      for x in numbers[0]..<numbers[0] + numbers[2] { drawn.insert([x, numbers[1]]) }
    }
    for y in 0..<code.side {
      for x in 0..<code.side { #expect(drawn.contains([x, y]) == code.isDark(x, y)) }
    }
  }
}
