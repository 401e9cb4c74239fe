import Wire

// `GET /datamodel.json` (api.md section 12).

extension DataModel {
  /// Appends the document. `appUser` is the app-user model that the deployment's settings name; nil
  /// when they name none: then it is the model `user`, should there be one.
  package func appendJSON(to writer: inout ByteWriter, appUser: String? = nil) {
    writer.append("{\"models\":{")
    for (index, model) in models.enumerated() {
      writer.appendKey(model.name, isFirst: index == 0)
      model.appendJSON(to: &writer)
    }
    writer.append("},\"app_user\":")
    if let name = appUser ?? self["user"]?.name { writer.append(quoted: name) } else { writer.append("null") }
    writer.append(",\"datamodel_hash\":")
    writer.append(quoted: hash)
    writer.append("}")
  }
}

extension Model {
  fileprivate func appendJSON(to writer: inout ByteWriter) {
    writer.append("{\"name\":")
    writer.append(quoted: name)
    writer.append(",\"label\":")
    writer.append(quoted: label)
    writer.append(",\"display\":")
    writer.append(quoted: display.text)
    writer.append(",\"fields\":{")
    for (index, field) in fields.enumerated() {
      writer.appendKey(field.name, isFirst: index == 0)
      field.appendJSON(to: &writer)
    }
    writer.append("},\"belongs_to\":{")
    for (index, relationship) in belongsTo.enumerated() {
      writer.appendKey(relationship.name, isFirst: index == 0)
      writer.append("{\"name\":")
      writer.append(quoted: relationship.name)
      writer.append(",\"model\":")
      writer.append(quoted: relationship.model)
      writer.append("}")
    }
    writer.append("},\"has_many\":{")
    for (index, view) in hasMany.enumerated() {
      writer.appendKey(view.name, isFirst: index == 0)
      writer.append("{\"name\":")
      writer.append(quoted: view.name)
      writer.append(",\"model\":")
      writer.append(quoted: view.model)
      writer.append(",\"inverse_of\":")
      writer.append(quoted: view.inverseOf)
      writer.append("}")
    }
    writer.append("}}")
  }
}

extension Field {
  fileprivate func appendJSON(to writer: inout ByteWriter) {
    writer.append("{\"name\":")
    writer.append(quoted: name)
    writer.append(",\"label\":")
    writer.append(quoted: label)
    writer.append(",\"type\":")
    writer.append(quoted: type.rawValue)
    if let subtype {
      writer.append(",\"subtype\":")
      writer.append(quoted: subtype.rawValue)
    }
    if !options.isEmpty {
      writer.append(",\"options\":[")
      for (index, option) in options.enumerated() {
        writer.append(index == 0 ? "{\"key\":" : ",{\"key\":")
        writer.append(key: option.key)
        writer.append(",\"display\":")
        writer.append(quoted: option.label)
        writer.append("}")
      }
      writer.append("]")
    }
    writer.append("}")
  }
}

extension ByteWriter {
  fileprivate mutating func appendKey(_ name: String, isFirst: Bool) {
    if !isFirst { append(",") }
    append(quoted: name)
    append(":")
  }

  fileprivate mutating func append(key: OptionKey) {
    switch key {
    case .text(let text): append(quoted: text)
    case .integer(let number): append(integer: Int64(number))
    case .boolean(let flag): append(flag ? "true" : "false")
    }
  }
}
