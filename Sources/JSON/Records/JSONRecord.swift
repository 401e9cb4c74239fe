import Wire

/// A value that stands in JSON as an object. One function names its members for writing and for reading:
///
/// ```swift
/// struct NewToken: JSONRecord {
///   var name = ""
///   var isReadOnly = false
///
///   mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
///     try members.member("name", &name, .text)
///     try members.member("read_only", &isReadOnly, .flag)
///   }
/// }
/// ```
///
/// Members are written in this order. When it is read, each must be there, and no other may be.
package protocol JSONRecord: Sendable {
  /// What is read into: any value will do.
  static var blank: Self { get }
  mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch)
}

package protocol JSONMemberVisitor {
  /// Writes the value, or replaces it by what is read.
  mutating func member<Value>(_ key: String, _ value: inout Value, _ form: JSONForm<Value>) throws(JSONMismatch)
}

extension JSONMemberVisitor {
  /// A member that follows from others: written for readers elsewhere, and checked when it is read.
  package mutating func derived(_ key: String, _ text: String) throws(JSONMismatch) {
    var found = text
    try member(key, &found, .text)
    if found != text { throw JSONMismatch("it does not fit the others").within(key) }
  }
}

extension JSONRecord {
  package var json: JSONNode {
    var record = self
    var writer = JSONMemberWriter()
    do {
      try record.visit(&writer)
    } catch {
      assertionFailure("writing changes nothing that could not fit: \(error)")
    }
    return .object(writer.members)
  }

  package init(_ value: JSONValue) throws(JSONMismatch) {
    self = .blank
    var reader = try JSONMemberReader(value)
    try visit(&reader)
    try reader.end()
  }
}

private struct JSONMemberWriter: JSONMemberVisitor {
  var members: [(key: String, value: JSONNode)] = []

  mutating func member<Value>(_ key: String, _ value: inout Value, _ form: JSONForm<Value>) {
    members.append((key, form.write(value)))
  }
}

/// Reads the members of an object, and knows at the end whether there are others.
package struct JSONMemberReader: JSONMemberVisitor {
  private let object: JSONValue
  private var known: [String] = []

  package init(_ value: JSONValue) throws(JSONMismatch) {
    guard value.isObject else { throw JSONMismatch("an object is expected") }
    object = value
  }

  package mutating func value(_ key: String) throws(JSONMismatch) -> JSONValue {
    known.append(key)
    guard let value = object[key] else { throw JSONMismatch("it is missing").within(key) }
    return value
  }

  package mutating func read<Value>(_ key: String, _ form: JSONForm<Value>) throws(JSONMismatch) -> Value {
    let value = try value(key)
    do throws(JSONMismatch) {
      return try form.read(value)
    } catch {
      throw error.within(key)
    }
  }

  package mutating func member<Value>(
    _ key: String, _ value: inout Value, _ form: JSONForm<Value>
  ) throws(JSONMismatch) {
    value = try read(key, form)
  }

  /// - Throws: where the object has members that nobody asked for.
  package func end() throws(JSONMismatch) {
    guard object.count > known.count else { return }
    for member in object.members where !known.contains(member.key) {
      throw JSONMismatch("there is no such member").within(CutText.cut(member.key))
    }
  }
}
