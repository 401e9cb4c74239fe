import Wire

// The elements of pages, each a function of its own name. `main` is `mainPart`: a file's `main` is something else.

private func element(_ tag: StaticString, _ attributes: [Attribute], _ content: HTML) -> HTML {
  HTML { writer in
    writer.append("<")
    writer.append(tag)
    for attribute in attributes { writer.append(attribute) }
    writer.append(">")
    content.write(&writer)
    writer.append("</")
    writer.append(tag)
    writer.append(">")
  }
}

/// An element that never has anything inside.
private func element(_ tag: StaticString, _ attributes: [Attribute]) -> HTML {
  HTML { writer in
    writer.append("<")
    writer.append(tag)
    for attribute in attributes { writer.append(attribute) }
    writer.append("/>")
  }
}

package typealias HTMLContent = () -> HTML

package func div(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("div", attributes, content())
}
package func span(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("span", attributes, content())
}
package func p(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("p", attributes, content())
}
package func h1(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("h1", attributes, content())
}
package func h2(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("h2", attributes, content())
}
package func h3(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("h3", attributes, content())
}
package func ul(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("ul", attributes, content())
}
package func ol(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("ol", attributes, content())
}
package func li(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("li", attributes, content())
}
package func dl(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("dl", attributes, content())
}
package func dt(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("dt", attributes, content())
}
package func dd(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("dd", attributes, content())
}
package func nav(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("nav", attributes, content())
}
package func header(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("header", attributes, content())
}
package func footer(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("footer", attributes, content())
}
package func section(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("section", attributes, content())
}
package func article(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("article", attributes, content())
}
package func aside(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("aside", attributes, content())
}
package func fieldset(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("fieldset", attributes, content())
}
package func legend(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("legend", attributes, content())
}
package func label(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("label", attributes, content())
}
package func button(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("button", attributes, content())
}
package func code(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("code", attributes, content())
}
package func pre(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("pre", attributes, content())
}
package func strong(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("strong", attributes, content())
}
package func em(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("em", attributes, content())
}
package func small(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("small", attributes, content())
}
package func time(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("time", attributes, content())
}
package func details(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("details", attributes, content())
}
package func summary(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("summary", attributes, content())
}
package func select(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("select", attributes, content())
}
package func option(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("option", attributes, content())
}
package func table(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("table", attributes, content())
}
package func caption(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("caption", attributes, content())
}
package func thead(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("thead", attributes, content())
}
package func tbody(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("tbody", attributes, content())
}
package func tr(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("tr", attributes, content())
}
package func th(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("th", attributes, content())
}
package func td(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("td", attributes, content())
}
package func a(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("a", attributes, content())
}
package func mark(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("mark", attributes, content())
}
package func kbd(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("kbd", attributes, content())
}
package func abbr(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("abbr", attributes, content())
}
package func dialog(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("dialog", attributes, content())
}
package func datalist(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("datalist", attributes, content())
}
package func samp(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("samp", attributes, content())
}
package func figure(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("figure", attributes, content())
}
package func figcaption(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("figcaption", attributes, content())
}
package func svg(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("svg", attributes, content())
}
package func bdi(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("bdi", attributes, content())
}
package func form(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent = { .nothing }) -> HTML {
  element("form", attributes, content())
}
package func mainPart(_ attributes: Attribute..., @HTMLBuilder content: HTMLContent) -> HTML {
  element("main", attributes, content())
}

/// With a line feed of its own before the text: browsers drop the first one.
package func textarea(_ attributes: Attribute..., text: String) -> HTML {
  element("textarea", attributes, .all([.text("\n"), .text(text)]))
}

package func br(_ attributes: Attribute...) -> HTML { element("br", attributes) }
package func hr(_ attributes: Attribute...) -> HTML { element("hr", attributes) }
package func input(_ attributes: Attribute...) -> HTML { element("input", attributes) }
package func img(_ attributes: Attribute...) -> HTML { element("img", attributes) }
package func path(_ attributes: Attribute...) -> HTML { element("path", attributes) }

extension HTML {
  /// Elements of the head alone.
  static func title(_ text: String) -> HTML { element("title", [], .text(text)) }
  static func meta(_ attributes: Attribute...) -> HTML { element("meta", attributes) }
  static func link(_ attributes: Attribute...) -> HTML { element("link", attributes) }
  /// A module by its address: there is no way to write one in place.
  static func module(_ address: LocalAddress) -> HTML { element("script", [.module, .source(address)], .nothing) }
  static func html(_ attributes: [Attribute], @HTMLBuilder content: HTMLContent) -> HTML {
    element("html", attributes, content())
  }
  static func head(@HTMLBuilder content: HTMLContent) -> HTML { element("head", [], content()) }
  static func body(_ attributes: [Attribute], @HTMLBuilder content: HTMLContent) -> HTML {
    element("body", attributes, content())
  }
}
