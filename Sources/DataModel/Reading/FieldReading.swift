/// `<field>`: its type, subtype and media.
enum FieldReading {
  private static let attributes = ["name", "label", "type", "media", "auto-download"]
  /// What the XML of older apps has and a server has no use for.
  private static let clientAttributes = ["spec", "minValue", "maxValue", "deprecated-spec"]

  static func read(_ element: XMLElement, into draft: inout ModelDraft, findings: inout FindingList) {
    findings.check(element, attributes: attributes + clientAttributes)
    for name in clientAttributes where element[name] != nil {
      findings.ineffective(name, of: element, because: "the server has no such rule for values")
    }
    let name = findings.required("name", of: element, example: "number")
    let label = findings.label(of: element, name: name, example: "Flight number")
    let (type, subtype) = type(of: element, findings: &findings)
    let options = OptionReading.read(element, type: type, findings: &findings)
    let media = media(of: element, type: type, findings: &findings)
    let autoDownload = autoDownload(of: element, type: type, findings: &findings)
    guard let name else {
      draft.isIncomplete = true
      return
    }
    findings.checkName(name, of: element)
    if draft.members[name] == nil {
      draft.members[name] = .field(position: draft.fields.count, type: type)
    }
    draft.fields.append(
      .init(
        element: element, name: name, label: label, type: type, subtype: subtype, options: options,
        media: media, autoDownload: autoDownload))
  }

  private static func type(
    of element: XMLElement, findings: inout FindingList
  ) -> (FieldType?, TextSubtype?) {
    guard let written = findings.required("type", of: element, example: "text") else { return (nil, nil) }
    if let type = FieldType(rawValue: written) { return (type, nil) }
    let parts = written.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2, parts[0] == "text" {
      if let subtype = TextSubtype(rawValue: String(parts[1])) { return (.text, subtype) }
      findings.add(
        .unknownSubtype, at: element.position,
        "There is no text subtype \(quoted(String(parts[1]))). Write type=\"text\", or text: followed by one of:"
          + " \(list(TextSubtype.allCases.map(\.rawValue))).")
      return (.text, nil)
    }
    findings.add(
      .unknownType, at: element.position,
      "There is no type \(quoted(written)). Choose one of: \(list(FieldType.allCases.map(\.rawValue))).")
    return (nil, nil)
  }

  private static func autoDownload(
    of element: XMLElement, type: FieldType?, findings: inout FindingList
  ) -> Bool? {
    guard let written = element["auto-download"] else { return nil }
    guard let type, !type.isAttachment else { return findings.flag("auto-download", of: element) }
    findings.ineffective(
      "auto-download", of: element, because: "only attachments, photos and signatures are downloaded")
    if !isBlank(written) { _ = findings.flag("auto-download", of: element) }
    return nil
  }

  private static func media(
    of element: XMLElement, type: FieldType?, findings: inout FindingList
  ) -> MediaType? {
    guard let type else { return nil }
    guard let written = element["media"] else {
      if type == .attachment {
        findings.add(
          .missingMedia, at: element.position,
          "An attachment needs the attribute media: any, or a type like application/pdf.")
      }
      return nil
    }
    guard type == .attachment else {
      findings.add(
        .unexpectedMedia, at: element.position,
        "media belongs on fields of type attachment; on \(type.rawValue) it is ignored. Remove it.")
      return nil
    }
    if let media = MediaType(rawValue: written) { return media }
    findings.add(
      .unknownMedia, at: element.position,
      "media=\(quoted(written)) is not supported. Choose one of: \(list(MediaType.allCases.map(\.rawValue)))."
    )
    return nil
  }
}
