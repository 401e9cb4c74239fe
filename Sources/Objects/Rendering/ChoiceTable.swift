import Wire

/// Finds the options of a field by their keys, as they lie in storage, and prints them: plain numbers and pointers
/// into what a `ChoiceLabels` owns, so that a row costs no reference count, no text and no hash of one.
struct ChoiceTable {
  /// Bytes in the blob.
  struct Span {
    let start: Int
    let count: Int
  }

  struct Entry {
    /// The key of an integer or a boolean.
    let number: Int64
    /// The key as JSON, and its first eight bytes.
    let key: Span
    let keyWord: UInt64
    /// The key of a text as it is.
    let text: Span
    let textWord: UInt64
    /// `{"key":…,"display":…}`
    let object: Span
    let label: Span
  }

  /// Beyond so many options, they are looked for by a hash.
  private static let walked = 12

  let entries: UnsafeBufferPointer<Entry>
  /// Twice, by key as JSON and by text or number: 1 + the entry's index; 0 is free. Nil where there are few entries.
  let slots: UnsafeMutablePointer<Int32>?
  private let mask: Int
  private let base: UnsafeRawPointer

  init(entries: UnsafeBufferPointer<Entry>, base: UnsafeRawPointer) {
    self.entries = entries
    self.base = base
    guard entries.count > Self.walked else {
      slots = nil
      mask = 0
      return
    }
    var size = 32
    while size < entries.count * 2 { size *= 2 }
    mask = size - 1
    let slots = UnsafeMutablePointer<Int32>.allocate(capacity: size * 2)
    slots.initialize(repeating: 0, count: size * 2)
    self.slots = slots
    for (index, entry) in entries.enumerated() {
      let hash = entry.text.count > 0 ? Self.hash(bytes(entry.text)) : Self.hash(entry.number)
      Self.enter(Int32(index + 1), Self.hash(bytes(entry.key)), in: slots, mask)
      Self.enter(Int32(index + 1), hash, in: slots + size, mask)
    }
  }

  // MARK: Finding.

  /// The index of the option with this key, as JSON; nil where no option has it.
  func index(ofJSON json: UnsafeRawBufferPointer) -> Int? {
    let word = json.firstWord
    if slots != nil { return hashed(json, isText: false) }
    for index in 0..<entries.count {
      let entry = entries[index]
      if entry.keyWord == word, entry.key.count == json.count, hasSameRest(entry.key, json) { return index }
    }
    return nil
  }

  /// The index of the option with this text as its key.
  func index(ofText text: UnsafeRawBufferPointer) -> Int? {
    let word = text.firstWord
    if slots != nil { return hashed(text, isText: true) }
    for index in 0..<entries.count {
      let entry = entries[index]
      if entry.textWord == word, entry.text.count == text.count, hasSameRest(entry.text, text) { return index }
    }
    return nil
  }

  /// The index of the option with this integer as its key, or with the boolean that it stands for.
  func index(ofNumber number: Int64) -> Int? {
    if let slots {
      return Self.found(Self.hash(number), in: slots + mask + 1, mask) { entries[$0].number == number }
    }
    for index in 0..<entries.count where entries[index].number == number { return index }
    return nil
  }

  /// Whether the bytes behind the first eight are the same; the counts are.
  private func hasSameRest(_ span: Span, _ other: UnsafeRawBufferPointer) -> Bool {
    if span.count <= 8 { return true }
    return bytes(span).elementsEqual(other)
  }

  private func hashed(_ key: UnsafeRawBufferPointer, isText: Bool) -> Int? {
    guard let slots else { return nil }
    return Self.found(Self.hash(key), in: isText ? slots + mask + 1 : slots, mask) { index in
      let span = isText ? entries[index].text : entries[index].key
      return span.count == key.count && bytes(span).elementsEqual(key)
    }
  }

  /// The first entry behind this hash that `matches`.
  @inline(__always)
  private static func found(
    _ hash: Int, in slots: UnsafeMutablePointer<Int32>, _ mask: Int, where matches: (Int) -> Bool
  ) -> Int? {
    var slot = hash & mask
    while slots[slot] != 0 {
      let index = Int(slots[slot]) - 1
      if matches(index) { return index }
      slot = (slot &+ 1) & mask
    }
    return nil
  }

  private static func enter(_ number: Int32, _ hash: Int, in slots: UnsafeMutablePointer<Int32>, _ mask: Int) {
    var slot = hash & mask
    while slots[slot] != 0 { slot = (slot &+ 1) & mask }
    slots[slot] = number
  }

  private static func hash(_ number: Int64) -> Int {
    Int(truncatingIfNeeded: (UInt64(bitPattern: number) &* 0x9E37_79B9_7F4A_7C15) >> 33)
  }

  /// Only options are ever entered, so that no value from outside makes a chain longer.
  private static func hash(_ key: UnsafeRawBufferPointer) -> Int {
    let tail = UnsafeRawBufferPointer(rebasing: key.suffix(8)).firstWord
    var mixed = (key.firstWord ^ UInt64(key.count)) &* 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ mixed >> 29 ^ tail) &* 0xBF58_476D_1CE4_E5B9
    return Int(truncatingIfNeeded: mixed >> 33)
  }

  // MARK: Printing.

  private func bytes(_ span: Span) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base + span.start, count: span.count)
  }

  /// The label of the option that stands at `index`, as text.
  func label(_ index: Int) -> UnsafeRawBufferPointer { bytes(entries[index].label) }

  /// Appends the choice object of an option; false where there is none.
  @inline(__always)
  func append(_ index: Int?, to writer: inout ByteWriter) -> Bool {
    guard let index else { return false }
    writer.append(padded: bytes(entries[index].object))
    return true
  }

  /// Appends the choice object of a key that is given as JSON. A key that is no option any more keeps
  /// its value and has the display `< invalid value >` (api.md section 9).
  func append(key json: UnsafeRawBufferPointer, to writer: inout ByteWriter) {
    if append(index(ofJSON: json), to: &writer) { return }
    writer.append("{\"key\":")
    writer.append(json)
    Self.appendInvalid(to: &writer)
  }

  func append(text: UnsafeRawBufferPointer, to writer: inout ByteWriter) {
    if append(index(ofText: text), to: &writer) { return }
    writer.append("{\"key\":")
    writer.append(quotedUTF8: text)
    Self.appendInvalid(to: &writer)
  }

  func append(integer: Int64, to writer: inout ByteWriter) {
    if append(index(ofNumber: integer), to: &writer) { return }
    writer.append("{\"key\":")
    writer.append(integer: integer)
    Self.appendInvalid(to: &writer)
  }

  func append(boolean: Bool, to writer: inout ByteWriter) {
    if append(index(ofNumber: boolean ? 1 : 0), to: &writer) { return }
    writer.append("{\"key\":")
    writer.append(boolean ? "true" : "false")
    Self.appendInvalid(to: &writer)
  }

  private static func appendInvalid(to writer: inout ByteWriter) {
    writer.append(",\"display\":\"< invalid value >\"}")
  }
}
