import CSimdjson

extension JSONValue {
  /// How many elements an array or members an object has; 0 for other values.
  package var count: Int { isArray || isObject ? Int(node.first) : 0 }

  /// The elements of an array in order; none for other values.
  package var elements: JSONElements { JSONElements(of: self) }

  /// The members of an object in order; none for other values.
  package var members: JSONMembers { JSONMembers(of: self) }

  /// The member's value; nil where the object has no such key, and for other values. It looks through
  /// the members: for more than a few keys walk `members` once instead.
  package subscript(key: String) -> JSONValue? {
    var key = key
    return key.withUTF8 { wanted in
      for member in members {
        let found = member.keyValue.withStringUTF8 { (found) -> Bool in
          found.count == wanted.count && found.elementsEqual(wanted)
        }
        if found == true { return member.value }
      }
      return nil
    }
  }
}
