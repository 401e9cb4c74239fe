/// Numbers of bytes for people: `1.5 GiB`.
package enum ByteText {
  private static let units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"]

  /// One digit behind the point, none of whole bytes.
  package static func text(_ bytes: Int) -> String {
    var unit = 0
    var tenths = max(bytes, 0)
    if tenths < 1024 { return tenths == 1 ? "1 byte" : "\(tenths) bytes" }
    // In tenths from the second unit on, without overflow.
    tenths = tenths / 1024 * 10 + tenths % 1024 * 10 / 1024
    unit = 1
    while tenths >= 10_240, unit + 1 < units.count {
      tenths /= 1024
      unit += 1
    }
    return "\(Grouped.text(tenths / 10)).\(tenths % 10) \(units[unit])"
  }
}
