import Wire

/// The pieces that pages are put together from. Texts are escaped here; only literals are markup.
extension ByteWriter {
  mutating func appendElement(_ tag: StaticString, _ text: String) {
    append("<")
    append(tag)
    append(">")
    append(html: text)
    append("</")
    append(tag)
    append(">")
  }

  /// Text in which `backticks` are code.
  mutating func append(prose text: String) {
    for (index, part) in text.split(separator: "`", omittingEmptySubsequences: false).enumerated() {
      if index % 2 == 1 { appendElement("code", String(part)) } else { append(html: String(part)) }
    }
  }

  mutating func appendParagraph(_ prose: String) {
    append("<p>")
    append(prose: prose)
    append("</p>\n")
  }

  mutating func appendHeading(_ tag: StaticString, id: String, _ text: String) {
    append("<")
    append(tag)
    append(" id=\"")
    append(html: id)
    append("\">")
    append(html: text)
    append("</")
    append(tag)
    append(">\n")
  }

  mutating func appendLink(to address: String, _ text: String) {
    append("<a href=\"")
    append(html: address)
    append("\">")
    append(html: text)
    append("</a>")
  }

  mutating func appendCode(block text: String) {
    append("<pre><code>")
    append(html: text)
    append("</code></pre>\n")
  }

  /// A table whose cells are prose. It scrolls sideways where the window is narrow.
  mutating func appendTable(_ heads: [String], _ rows: [[String]]) {
    append("<div class=\"wide\"><table><tr>")
    for head in heads { appendElement("th", head) }
    append("</tr>\n")
    for row in rows {
      append("<tr>")
      for cell in row {
        append("<td>")
        append(prose: cell)
        append("</td>")
      }
      append("</tr>\n")
    }
    append("</table></div>\n")
  }

  mutating func appendMark(_ text: String) {
    append(" <span class=\"mark\">")
    append(html: text)
    append("</span>")
  }
}
