import Testing
import Wire

@testable import DataModel

@Suite("datamodel.json")
struct JSONTests {
  private func json(_ xml: String, appUser: String? = nil) throws -> String {
    let model = try #require(read(xml).model)
    var writer = ByteWriter()
    model.appendJSON(to: &writer, appUser: appUser)
    return writer.string.replacing(model.hash, with: "…")
  }

  @Test("Every part in its place and order")
  func everything() throws {
    let xml = document(
      """
      <model name="b" label="A &quot;B&quot;">
      <field name="z" label="Z" type="text:email"/>
      <field name="a" label="A" type="single-choice-integer"><option key="7">Seven</option></field>
      <field name="c" label="C" type="multiple-choice"><option key="x">X</option></field>
      <field name="d" label="D" type="boolean"/>
      <belongs-to model="user" name="owner"/>
      <display>{z}</display>
      </model>
      <model name="user" label="User"><has-many model="b" name="bs"/><display>U</display></model>
      """)
    #expect(
      try json(xml) == #"{"models":{"b":{"name":"b","label":"A \"B\"","display":"{z}","fields":{"#
        + #""z":{"name":"z","label":"Z","type":"text","subtype":"email"},"#
        + #""a":{"name":"a","label":"A","type":"single-choice-integer","options":[{"key":7,"display":"Seven"}]},"#
        + #""c":{"name":"c","label":"C","type":"multiple-choice","options":[{"key":"x","display":"X"}]},"#
        + #""d":{"name":"d","label":"D","type":"boolean","options":[{"key":false,"display":"No"},"#
        + #"{"key":true,"display":"Yes"}]}},"#
        + #""belongs_to":{"owner":{"name":"owner","model":"user"}},"has_many":{}},"#
        + #""user":{"name":"user","label":"User","display":"U","fields":{},"belongs_to":{},"#
        + #""has_many":{"bs":{"name":"bs","model":"b","inverse_of":"owner"}}}},"#
        + #""app_user":"user","datamodel_hash":"…"}"#)
  }

  @Test("The app-user model: configured, named user, or none")
  func appUser() throws {
    #expect(try json(flights).contains(#""app_user":null"#))
    #expect(try json(flights, appUser: "pilot").contains(#""app_user":"pilot""#))
  }
}
