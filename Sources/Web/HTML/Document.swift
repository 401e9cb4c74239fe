import Wire

/// A whole page around its body: language, title, style sheet, icon, modules.
package struct Document {
  package var title: String
  package var style: LocalAddress
  package var icon: LocalAddress
  package var modules: [LocalAddress]
  /// Of the root element, for what the style sheet or a module must know of the whole page.
  package var attributes: [Attribute]

  package init(
    title: String, style: LocalAddress, icon: LocalAddress, modules: [LocalAddress], attributes: [Attribute] = []
  ) {
    self.title = title
    self.style = style
    self.icon = icon
    self.modules = modules
    self.attributes = attributes
  }

  package func bytes(around content: HTML) -> ByteBlock {
    var writer = ByteWriter(capacity: 32 << 10)
    writer.append("<!DOCTYPE html>\n")
    writer.append(html(around: content))
    writer.append("\n")
    return writer.detach()
  }

  private func html(around content: HTML) -> HTML {
    .html([.lang("en")] + attributes) {
      HTML.head {
        HTML.meta(.charset("utf-8"))
        HTML.title(title)
        HTML.meta(.metaName("viewport"), .content("width=device-width, initial-scale=1"))
        HTML.meta(.metaName("color-scheme"), .content("light dark"))
        HTML.link(.rel("icon"), .href(icon))
        HTML.link(.rel("stylesheet"), .href(style))
        for module in modules { HTML.module(module) }
      }
      HTML.body([]) { content }
    }
  }
}
