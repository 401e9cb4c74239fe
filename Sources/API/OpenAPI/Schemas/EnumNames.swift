/// Names for the keys of an enum (`x-enum-varnames`), for generators that make identifiers of keys: made from
/// `a` and `A`, or from `a-b` and `a b`, those would be the same, and one key would be lost or the whole
/// document refused.
enum EnumNames {
  /// One name for each word: capital letters, digits and `_`, no two alike.
  static func of(_ words: [String]) -> [String] {
    var used: Set<String> = []
    return words.enumerated().map { index, word in
      let plain = name(of: word) ?? "VALUE_\(index + 1)"
      var name = plain
      var number = 2
      while !used.insert(name).inserted {
        name = "\(plain)_\(number)"
        number += 1
      }
      return name
    }
  }

  /// The names where the keys themselves would not do as such; nil where they would.
  static func ifNeeded(_ keys: [String]) -> [String]? {
    let names = of(keys)
    return zip(names, keys).allSatisfy { $0 == $1.uppercased() } ? nil : names
  }

  private static func name(of word: String) -> String? {
    var name = ""
    for byte in word.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"): name.unicodeScalars.append(Unicode.Scalar(byte ^ 0x20))
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        name.unicodeScalars.append(Unicode.Scalar(byte))
      default: if !name.isEmpty, name.utf8.last != UInt8(ascii: "_") { name += "_" }
      }
    }
    if name.utf8.last == UInt8(ascii: "_") { name.removeLast() }
    guard let first = name.utf8.first else { return nil }
    return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) ? "VALUE_\(name)" : name
  }
}
