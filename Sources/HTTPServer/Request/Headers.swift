/// Header fields in the order received; names compare without case.
///
/// All fields of a request lie packed in one allocation, and a text is made only for a field that
/// somebody asks for: a request has six to ten fields, of which two or three are looked at.
package struct Headers: Sendable {
  /// Per field: the lengths of name and value as 32-bit numbers, the name in lower case, the value.
  private let packed: [UInt8]

  package init(_ fields: [(name: String, value: String)]) {
    var packed: [UInt8] = []
    for field in fields {
      let name = Array(field.name.lowercased().utf8)
      let value = Array(field.value.utf8)
      withUnsafeBytes(of: (UInt32(truncatingIfNeeded: name.count), UInt32(truncatingIfNeeded: value.count))) {
        packed.append(contentsOf: $0)
      }
      packed.append(contentsOf: name)
      packed.append(contentsOf: value)
    }
    self.packed = packed
  }

  /// Takes over fields that are packed already.
  init(packed: [UInt8]) { self.packed = packed }

  /// Names are in lower case; bytes that are not UTF-8 are repaired.
  package var fields: [(name: String, value: String)] {
    var fields: [(name: String, value: String)] = []
    forEach { name, value in
      fields.append((String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self)))
      return true
    }
    return fields
  }

  /// The first field of this name, which is given in lower case.
  package subscript(name: String) -> String? {
    var found: String?
    forEach(named: name) { value in
      found = String(decoding: value, as: UTF8.self)
      return false
    }
    return found
  }

  /// The bytes of the first field of this name, which is given in lower case; nil where there is none.
  package func withFirst<Result>(
    _ name: String, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result? {
    var result: Result?
    forEach(named: name) { value in
      result = body(value)
      return false
    }
    return result
  }

  /// All fields of this name, which is given in lower case, in the order received.
  package func all(_ name: String) -> [String] {
    var found: [String] = []
    forEach(named: name) { value in
      found.append(String(decoding: value, as: UTF8.self))
      return true
    }
    return found
  }

  private func forEach(named name: String, _ visit: (UnsafeRawBufferPointer) -> Bool) {
    var name = name
    name.withUTF8 { wanted in
      forEach { name, value in
        guard name.count == wanted.count, name.elementsEqual(wanted) else { return true }
        return visit(value)
      }
    }
  }

  /// Visits name and value of each field until `visit` answers false. Bytes are good inside `visit` only.
  func forEach(_ visit: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool) {
    packed.withUnsafeBytes { bytes in
      var offset = 0
      while offset + 8 <= bytes.count {
        let nameLength = Int(bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        let valueLength = Int(bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self))
        let name = offset + 8
        let value = name + nameLength
        offset = value + valueLength
        guard offset <= bytes.count else { return }
        let proceed = visit(
          UnsafeRawBufferPointer(rebasing: bytes[name..<value]),
          UnsafeRawBufferPointer(rebasing: bytes[value..<offset]))
        if !proceed { return }
      }
    }
  }
}
