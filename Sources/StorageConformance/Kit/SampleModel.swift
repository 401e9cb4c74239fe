import DataModel

/// The data models that cases deploy.
enum SampleModel {
  /// A model with a field of each type, two relationships and an index, and one to point at.
  static let flights = document(
    """
    <model name="airline" label="Airline"><field name="name" label="Name" type="text"/>
    <display>{name}</display></model>
    """ + flight(allFields, tail: "<index on=\"airline,-departure\"/><index on=\"number\"/>"))

  /// Attachments are left out: only storage's own test of ids needs one, and relationships are that.
  static let allFields = """
    <field name="number" label="Number" type="integer"/>
    <field name="tail" label="Tail" type="text"/>
    <field name="departure" label="Departure" type="datetime"/>
    <field name="day" label="Day" type="date"/>
    <field name="distance" label="Distance" type="number"/>
    <field name="status" label="Status" type="single-choice"><option key="landed">Landed</option></field>
    <field name="level" label="Level" type="single-choice-integer"><option key="1">One</option></field>
    <field name="diverted" label="Diverted" type="boolean"/>
    <field name="tags" label="Tags" type="multiple-choice"><option key="late">Late</option></field>
    <field name="codes" label="Codes" type="multiple-choice-integer"><option key="1">One</option></field>
    <field name="position" label="Position" type="location"/>
    <field name="route" label="Route" type="track"/>
    <belongs-to model="airline"/><belongs-to model="flight" name="next"/>
    """

  static func document(_ models: String) -> String { "<data-model>\(models)</data-model>" }

  /// The model `flight` with these members, and `tail` behind its display.
  static func flight(_ members: String, tail: String = "", label: String = "Flight", display: String = "A")
    -> String
  {
    "<model name=\"flight\" label=\"\(label)\">\(members)<display>\(display)</display>\(tail)</model>"
  }

  static func field(_ name: String, _ type: String, label: String = "A") -> String {
    "<field name=\"\(name)\" label=\"\(label)\" type=\"\(type)\"/>"
  }

  static func read(_ xml: String) throws(ConformanceFailure) -> DataModel {
    let (model, findings) = DataModelReader.read(Array(xml.utf8))
    guard let model else { throw ConformanceFailure("the kit's own data model is wrong: \(findings)") }
    return model
  }
}
