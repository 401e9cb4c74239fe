import DataModel
import JSON
import Storage
import Testing
import Wire

@testable import QueryLanguage

/// A model with a field of each type, each named after it.
enum Samples {
  static let xml = """
    <data-model><model name="flight" label="A">
    <field name="text" label="A" type="text"/><field name="integer" label="A" type="integer"/>
    <field name="number" label="A" type="number"/><field name="date" label="A" type="date"/>
    <field name="datetime" label="A" type="datetime"/><field name="boolean" label="A" type="boolean"/>
    <field name="choice" label="A" type="single-choice"><option key="landed">L</option>
      <option key="caf\u{E9}">C</option><option key="7">S</option></field>
    <field name="level" label="A" type="single-choice-integer"><option key="1">A</option>
      <option key="-5">B</option></field>
    <field name="tags" label="A" type="multiple-choice"><option key="late">A</option>
      <option key="a&quot;b">B</option><option key="caf\u{E9}">C</option><option key="cafe\u{301}">D</option>
      <option key="7">E</option></field>
    <field name="codes" label="A" type="multiple-choice-integer"><option key="1">A</option>
      <option key="2">B</option></field>
    <field name="position" label="A" type="location"/><field name="route" label="A" type="track"/>
    <field name="file" label="A" type="attachment" media="any"/><field name="photo" label="A" type="photo"/>
    <belongs-to model="flight" name="next"/><has-many model="flight" name="before" inverse-of="next"/>
    <display>A</display></model></data-model>
    """

  /// The model, its columns numbered from 1.
  static func model() throws -> StoredModel {
    let model = try #require(DataModelReader.read(Array(xml.utf8)).model?["flight"])
    let sources =
      model.fields.map(StoredColumn.Source.field) + model.belongsTo.map(StoredColumn.Source.belongsTo)
    let columns = sources.enumerated().map { StoredColumn(number: $0 + 1, source: $1) }
    return StoredModel(number: 1, model: model, columns: columns, version: 1)
  }

  static func column(_ name: String) throws -> ColumnReference {
    .column(try #require(try model().position(of: name)))
  }
}

/// The columns of the sample model.
enum Columns {
  static let text = ColumnReference.column(0)
  static let integer = ColumnReference.column(1)
  static let number = ColumnReference.column(2)
  static let date = ColumnReference.column(3)
  static let datetime = ColumnReference.column(4)
  static let boolean = ColumnReference.column(5)
  static let choice = ColumnReference.column(6)
  static let level = ColumnReference.column(7)
  static let tags = ColumnReference.column(8)
  static let codes = ColumnReference.column(9)
  static let position = ColumnReference.column(10)
  static let route = ColumnReference.column(11)
  static let file = ColumnReference.column(12)
  static let photo = ColumnReference.column(13)
  static let next = ColumnReference.column(14)
}

/// How a client writes a value in a table of tests.
enum Written: Sendable, CustomTestStringConvertible {
  case json(String)
  /// The value of `f=…`.
  case form(String)
  /// A whole form, of which `f` counts.
  case fields(String)

  func value() throws -> ClientValue {
    switch self {
    case .json(let text): .json(try JSONDocument.read(text).root)
    case .form(let text): .text(text)
    case .fields(let text): ClientValue(try #require(try FormContainer(utf8: Array(text.utf8))["f"]))
    }
  }

  var testDescription: String {
    switch self {
    case .json(let text): "JSON \(CutText.cut(text))"
    case .form(let text): "form \"\(CutText.cut(text))\""
    case .fields(let text): "form \(CutText.cut(text))"
    }
  }
}

/// A result or the fault, to be compared in one piece.
enum Outcome<Value: Sendable & Equatable>: Sendable, Equatable {
  case value(Value)
  case fault(ClientFault)

  init(_ body: () throws(ClientFault) -> Value) {
    do throws(ClientFault) { self = .value(try body()) } catch { self = .fault(error) }
  }

  /// 400 or 422; nil for a value.
  var status: Int? {
    switch self {
    case .value: nil
    case .fault(.request): 400
    case .fault(.value): 422
    }
  }

  var detail: String? { if case .fault(let fault) = self { fault.detail } else { nil } }
}
