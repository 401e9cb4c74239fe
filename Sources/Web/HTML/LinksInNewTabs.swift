import Wire

/// A page whose links open new tabs, and whose forms that ask do, too: whoever is in the middle of a form that came back
/// would lose what was typed by going elsewhere, and going back asks to send the form again.
///
/// It reads pages as they are written here: `<` and `>` stand for tags alone, everything else is escaped.
package enum LinksInNewTabs {
  /// Links within the page stay.
  package static func rewriting(_ page: ByteBlock) -> ByteBlock {
    let bytes = page.bytes
    var writer = ByteWriter(capacity: bytes.count + 512)
    var start = 0
    while let open = bytes[start...].firstIndex(of: UInt8(ascii: "<")),
      let close = bytes[open...].firstIndex(of: UInt8(ascii: ">"))
    {
      let tag = UnsafeRawBufferPointer(rebasing: bytes[open..<close])
      writer.append(UnsafeRawBufferPointer(rebasing: bytes[start..<close]))
      if leavesThePage(tag) { writer.append(" target=\"_blank\"") }
      start = close
    }
    writer.append(UnsafeRawBufferPointer(rebasing: bytes[start...]))
    withExtendedLifetime(page) {}
    return writer.detach()
  }

  private static func leavesThePage(_ tag: UnsafeRawBufferPointer) -> Bool {
    let isLink = tag.starts(with: "<a ".utf8)
    guard isLink || tag.starts(with: "<form ".utf8) else { return false }
    let text = String(decoding: tag, as: UTF8.self)
    if text.contains(" target=\"") { return false }
    return isLink ? text.contains(" href=\"") && !text.contains(" href=\"#") : text.contains(" method=\"get\"")
  }
}
