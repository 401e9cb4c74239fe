/// Numbers with a unit, as people write them.
package enum Quantity {
  /// Seconds of `45`, `45s`, `15m`, `12h`, `30d`, `2w`; nil for anything else and beyond 1000 years.
  package static func seconds(of text: String) -> Int? {
    value(of: text, units: ["": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800])
      .flatMap { $0 <= 31_557_600_000 ? $0 : nil }
  }

  /// The same, but a bare number says nothing: who writes `5` may mean days.
  package static func seconds(withUnit text: String) -> Int? {
    text.utf8.allSatisfy { $0 >= 48 && $0 <= 57 } ? nil : seconds(of: text)
  }

  /// Bytes of `4096`, `64 KiB`, `50MB`: units of 1000 with `B`, of 1024 with `iB`, in any letter case.
  package static func bytes(of text: String) -> Int? {
    value(
      of: text,
      units: [
        "": 1, "b": 1, "kb": 1000, "mb": 1_000_000, "gb": 1_000_000_000, "tb": 1_000_000_000_000,
        "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
      ])
  }

  private static func value(of text: String, units: [String: Int]) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let count = Int(digits) else { return nil }
    let unit = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
    guard let factor = units[unit] else { return nil }
    let (product, overflow) = count.multipliedReportingOverflow(by: factor)
    return overflow ? nil : product
  }
}
