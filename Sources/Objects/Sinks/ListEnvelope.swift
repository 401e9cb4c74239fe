import Wire

/// What stands around the objects of a list in JSON (api.md section 6), whatever they are: objects of a model, or
/// app users.
package enum ListEnvelope {
  package static func open(_ writer: inout ByteWriter) { writer.append("{\"objects\":[") }

  package static func close(_ end: ListEnd, _ writer: inout ByteWriter) {
    writer.append("],\"count\":")
    writer.append(integer: Int64(end.count))
    if let total = end.total {
      writer.append(",\"total\":")
      writer.append(integer: Int64(total))
    }
    writer.append(end.hasMore ? ",\"more\":true" : ",\"more\":false")
    if let next = end.next {
      writer.append(",\"next\":")
      writer.append(quoted: next)
    }
    writer.append("}")
  }
}
