import DataModel
import Objects
import Storage
import Wire

/// The model that queries, values and cursors are held against: a field of each type, each named after it.
enum SampleModel {
  private static let read: DataModel = {
    guard let model = DataModelReader.read(Array(xml.utf8)).model else {
      preconditionFailure("the model below is well-formed")
    }
    return model
  }()

  static let view = DataModelView(
    StoredDataModel(model: read, models: [stored], version: 1, deployedAt: .first, deployedBy: nil))

  static let stored: StoredModel = {
    let model = read.models[0]
    let sources = model.fields.map(StoredColumn.Source.field) + model.belongsTo.map(StoredColumn.Source.belongsTo)
    let columns = sources.enumerated().map { StoredColumn(number: $0 + 1, source: $1) }
    return StoredModel(number: 1, model: model, columns: columns, version: 1)
  }()

  private static let xml = document(display: "A")

  /// The document, with the display that is given as XML.
  static func document(display: String) -> String {
    """
    <data-model><model name="flight" label="A">
    <field name="text" label="A" type="text"/><field name="integer" label="A" type="integer"/>
    <field name="number" label="A" type="number"/><field name="date" label="A" type="date"/>
    <field name="datetime" label="A" type="datetime"/><field name="boolean" label="A" type="boolean"/>
    <field name="choice" label="A" type="single-choice"><option key="landed">L</option>
      <option key="caf\u{E9}">C</option><option key="7">S</option></field>
    <field name="level" label="A" type="single-choice-integer"><option key="1">A</option>
      <option key="-5">B</option></field>
    <field name="tags" label="A" type="multiple-choice"><option key="late">A</option>
      <option key="a&quot;b">B</option><option key="7">E</option></field>
    <field name="codes" label="A" type="multiple-choice-integer"><option key="1">A</option>
      <option key="2">B</option></field>
    <field name="position" label="A" type="location"/><field name="route" label="A" type="track"/>
    <field name="file" label="A" type="attachment" media="any"/><field name="photo" label="A" type="photo"/>
    <belongs-to model="flight" name="next"/><has-many model="flight" name="before" inverse-of="next"/>
    <display>\(display)</display></model></data-model>
    """
  }
}
