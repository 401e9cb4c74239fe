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
    for row in 0..<count { copy(row, to: &page, cutting: slots, to: limit) }
    return page.finish()
  }

  /// A page of this one row, which takes no more memory than it needs.
  func alone(_ row: Int) -> RowPage {
    let texts = (0..<width).reduce(0) { $0 + (view.kind(row, $1) == .text ? view.text(row, $1).count : 0) }
    var page = RowFiller(columns: width - Lead.count, rows: 1, textBytes: texts)
    copy(row, to: &page, cutting: [], to: 0)
    return page.finish()
  }

  private func copy(_ row: Int, to page: inout RowFiller, cutting slots: [Int], to limit: Int) {
    let view = view
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
    withExtendedLifetime(self) {}
  }

  /// The last offset up to `limit` at which a character begins.
  private static func end(of text: UnsafeRawBufferPointer, upTo limit: Int) -> Int {
    var end = limit
    while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
    return end
  }
}
