import Storage

extension RowPage {
  /// The same rows with the texts of these slots cut to `limit` bytes, between two characters. A page
  /// without long texts is itself.
  func cutting(_ slots: [Int], to limit: Int) -> RowPage {
    let view = view
    defer { withExtendedLifetime(self) {} }
    func isLong(_ row: Int, _ slot: Int) -> Bool {
      view.kind(row, slot) == .text && view.text(row, slot).count > limit
    }
    // Short pages hold no long text.
    guard byteCount > limit, (0..<count).contains(where: { row in slots.contains { isLong(row, $0) } }) else {
      return self
    }
    var page = RowFiller(columns: width - Lead.count, rows: count)
    for row in 0..<count {
      for slot in 0..<width {
        switch view.kind(row, slot) {
        case .null: page.appendNull()
        case .integer: page.append(integer: view.integer(row, slot))
        case .real: page.append(real: view.real(row, slot))
        case .id: page.append(id: view.id(row, slot))
        case .text:
          let text = view.text(row, slot)
          page.append(
            text: slots.contains(slot) && text.count > limit
              ? UnsafeRawBufferPointer(rebasing: text[..<Self.end(of: text, upTo: limit)]) : text)
        }
      }
    }
    return page.finish()
  }

  /// The last place up to `limit` where a character begins.
  private static func end(of text: UnsafeRawBufferPointer, upTo limit: Int) -> Int {
    var end = limit
    while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
    return end
  }
}
