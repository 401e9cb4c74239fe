import CQRCode
import Wire

/// A QR code of a text, drawn as SVG: no script and no picture file.
package struct QRCode: Sendable {
  /// Modules on each side, without the quiet zone around.
  package let side: Int
  private let modules: [UInt8]

  /// Beyond it no code that a phone reads well.
  package static let mostBytes = 1000
  /// Light modules around a code, as its standard asks for.
  static let quiet = 4

  /// Nil for a text that is empty or longer than `mostBytes`.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard !bytes.isEmpty, bytes.count <= Self.mostBytes else { return nil }
    let most = Int(SOJOURN_QR_MOST_MODULES)
    var modules = [UInt8](repeating: 0, count: most * most)
    side = Int(sojourn_qr_code(bytes, Int32(bytes.count), &modules))
    guard side > 0 else { return nil }
    self.modules = Array(modules.prefix(side * side))
  }

  package func isDark(_ x: Int, _ y: Int) -> Bool { modules[y * side + x] == 1 }

  /// The drawing, with a name for who does not see it.
  package func html(_ name: String) -> HTML {
    svg(.class("qr"), .viewBox(ofSide: side, around: Self.quiet), .role("img"), .aria("label", name)) {
      Web.path(.path(drawn: path))
    }
  }

  /// A rectangle for each run of dark modules in a row.
  private var path: String {
    var writer = ByteWriter(capacity: 8 * side * side / 4)
    for y in 0..<side {
      var x = 0
      while x < side {
        let start = x
        while x < side, isDark(x, y) { x += 1 }
        if x > start { writer.append(text: "M\(start) \(y)h\(x - start)v1h-\(x - start)z") }
        x += 1
      }
    }
    return writer.string
  }
}
