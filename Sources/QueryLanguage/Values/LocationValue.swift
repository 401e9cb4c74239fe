import DataModel
import JSON
import Storage
import Wire

/// A location coming in: an object of its six parts, or an array of them in their order (api.md
/// section 9). Stored as a JSON array of the six.
///
/// In an array null for latitude or longitude is 0, and all six of them null are no location: a first-party
/// client writes them so.
struct LocationValue {
  let reader: FieldValue

  private static let parts = LocationPart.allCases

  func read(_ value: ClientValue) throws(ClientFault) -> StoredValue {
    var found: [ClientValue?] = Array(repeating: nil, count: Self.parts.count)
    switch value {
    case .json(let json) where json.isArray:
      // Further elements are ignored: some clients send more than six.
      for (index, element) in zip(found.indices, json.elements) { found[index] = .json(element) }
    case .json(let json) where json.isObject:
      for member in json.members { try put(.json(member.value), under: member.key, in: &found) }
    case .texts(let texts):
      for (index, text) in zip(found.indices, texts) { found[index] = .text(text) }
    case .parts(let members):
      if let elements = value.listed {
        for (index, element) in zip(found.indices, elements) { found[index] = element }
        break
      }
      for member in members { try put(member.value, under: member.key, in: &found) }
    case .json, .text:
      throw reader.refuse(
        value, "a location is an object with latitude and longitude, or an array of its six parts")
    }
    let isArray = if case .json(let json) = value { json.isArray } else { false }
    // Those that an array does not name at all are something else than null.
    if isArray, found[1] != nil, found.allSatisfy({ $0?.isNull ?? true }) { return .null }
    var writer = ByteWriter(capacity: 128)
    writer.append(UInt8(ascii: "["))
    for (index, part) in Self.parts.enumerated() {
      if index > 0 { writer.append(UInt8(ascii: ",")) }
      if isArray, part == .latitude || part == .longitude, found[index]?.isNull == true {
        writer.append("0")
      } else {
        try append(part, found[index], of: value, to: &writer)
      }
    }
    writer.append(UInt8(ascii: "]"))
    return .text(writer.string)
  }

  private func put(
    _ value: ClientValue, under key: String, in found: inout [ClientValue?]
  ) throws(ClientFault) {
    guard let part = LocationPart(rawValue: key), let index = Self.parts.firstIndex(of: part) else {
      throw .value(
        "\(reader.name): a location has no part \"\(CutText.cut(key))\"; it has "
          + "\(Self.parts.map(\.rawValue).joined(separator: ", ")).")
    }
    found[index] = value
  }

  private func append(
    _ part: LocationPart, _ value: ClientValue?, of whole: ClientValue, to writer: inout ByteWriter
  ) throws(ClientFault) {
    guard let value, !value.isNull else {
      if part == .latitude || part == .longitude {
        throw reader.refuse(whole, "a location needs its \(part.rawValue)")
      }
      writer.append("null")
      return
    }
    if part == .timestamp {
      guard let text = value.textual, let instant = Instant(text) else {
        throw reader.refuse(value, "the timestamp of a location is a time such as \"2013-01-31T09:05:00Z\"")
      }
      writer.append(UInt8(ascii: "\""))
      writer.append(instant: instant)
      writer.append(UInt8(ascii: "\""))
      return
    }
    guard let number = reader.finite(value) else {
      throw reader.refuseNumber(value, "the \(part.rawValue) of a location is a number")
    }
    let bound: Double? = part == .latitude ? 90 : part == .longitude ? 180 : nil
    if let bound, number.magnitude > bound {
      throw reader.refuse(value, "the \(part.rawValue) of a location lies between -\(Int(bound)) and \(Int(bound))")
    }
    writer.append(number: number)
  }
}
