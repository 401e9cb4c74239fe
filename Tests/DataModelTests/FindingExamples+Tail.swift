@testable import DataModel

private let members = """
  <field name="text" label="A" type="text"/><field name="place" label="A" type="location"/>
  <field name="pass" label="A" type="photo"/><field name="tags" label="A" type="multiple-choice"><option key="a">A</option></field>
  <field name="route" label="A" type="track"/><field name="count" label="A" type="integer"/>
  <belongs-to model="flight" name="next"/><has-many model="flight" name="befores"/>
  """

/// Members in lines 3 to 6; what is given begins in line 7.
private func tail(_ xml: String, display: String = "Flight") -> String {
  flight("\(members)\n\(xml)\n<display>\(display)</display>")
}

/// The display stands in line 8.
private func shows(_ display: String) -> String { tail("", display: display) }

let displayExamples: [FindingExample] = [
  .init(
    "Fields, relationships and parts of a location", shows("{text} {next.next.place.latitude} {count:.2f}")),
  .init("An unknown name", shows("{nothing}"), "8:1 display-name"),
  .init(
    "Every unknown name is said", shows("{a} {next.b} {next.next.c}"), "8:1 display-name", "8:1 display-name",
    "8:1 display-name"),
  .init(
    "Ids, the own and over relationships", shows("{id} {next_id} {next.id} {next.next_id} {pass_id} {next.pass_id}")),
  .init(
    "Times and ids of what has none are no fields", shows("{updated_at} {text_id} {befores_id} {nothing_id}"),
    "8:1 display-name", "8:1 display-name", "8:1 display-name", "8:1 display-name"),
  .init(
    "Nothing follows an id", shows("{id.x} {next_id.text} {next.id.text} {pass_id.x}"), "8:1 display-name",
    "8:1 display-name", "8:1 display-name", "8:1 display-name"),
  .init("An id is no number", shows("{id:.2f} {next_id:.2f}"), "8:1 display-format", "8:1 display-format"),
  .init("Letter case counts", shows("{Text}"), "8:1 display-name"),
  .init("Braces without a name", shows("{}"), "8:1 display-name"),
  .init("A path without an end", shows("{next.}"), "8:1 display-name"),
  .init("A has-many has no value", shows("{befores}"), "8:1 display-name"),
  .init("Nothing follows a text", shows("{text.length}"), "8:1 display-name"),
  .init("A location has six parts", shows("{place.speed}"), "8:1 display-name"),
  .init("Nothing follows a part of a location", shows("{place.latitude.x}"), "8:1 display-name"),
  .init("A function is no name", shows("{upper(text)}"), "8:1 display-name"),
  .init(
    "An unknown format", shows("{count:d} {count:.f} {count:.21f} {count:.-1f} {count:2f} {count:}"),
    "8:1 display-format", "8:1 display-format", "8:1 display-format", "8:1 display-format",
    "8:1 display-format", "8:1 display-format"),
  .init(
    "A format on what is no number", shows("{text:.2f} {place:.2f} {place.timestamp:.2f} {next:.2f}"),
    "8:1 display-format", "8:1 display-format", "8:1 display-format", "8:1 display-format"),
  .init("A condition", shows("{?text}"), "8:1 display-condition"),
  .init("A function of the client", shows("{$:now({a: 1})}"), "8:1 display-function"),
  .init("A hundred parts", shows(String(repeating: "{text}", count: 100))),
  .init("A hundred and one parts", shows(String(repeating: "{text}", count: 101)), "8:1 too-many"),
  .init("Ten relationships", shows("{" + String(repeating: "next.", count: 10) + "place.latitude}")),
  .init(
    "Eleven relationships", shows("{" + String(repeating: "next.", count: 11) + "text}"), "8:1 too-many"),
  .init("A display has 10 KiB", shows(String(repeating: "x", count: 10_241)), "8:1 too-long"),
  .init(
    "A relationship to nowhere is said once",
    flight("<belongs-to model=\"plane\"/>\n<display>{plane.name}</display>"), "3:1 unknown-model"),
  .init(
    "A type that is unknown is said once",
    flight("<field name=\"a\" label=\"A\" type=\"x\"/>\n<display>{a:.2f}</display><index on=\"a\"/>"),
    "3:1 unknown-type"),
  .init(
    "A field without a name is said once",
    flight("<field label=\"A\" type=\"text\"/>\n<display>{a}</display><index on=\"a\"/>"),
    "3:1 missing-attribute"),
]

let tailExamples: [FindingExample] = [
  .init(
    "An index on fields and belongs-to",
    tail("<index on=\"next, -count ,text\" name=\"i\" database=\"cloud\"/>")),
  .init("An index needs names", tail("<index/>"), "7:1 missing-attribute"),
  .init(
    "Names in an index exist, once",
    tail(
      "<index on=\"nothing\"/>\n<index on=\"next_id\"/>\n<index on=\"count,-count\"/>\n<index on=\"befores\"/>\n<index on=\"count,\"/>"
    ), "7:1 index-name", "8:1 index-name", "9:1 index-name", "10:1 index-name", "11:1 index-name"),
  .init(
    "Indexes on some types are left out",
    tail("<index on=\"place\"/>\n<index on=\"pass\"/>\n<index on=\"text,-tags\"/>\n<index on=\"route\"/>"),
    "7:1 index-type", "8:1 index-type", "9:1 index-type", "10:1 index-type"),
  .init(
    "An index twice",
    tail("<index on=\"count\"/>\n<index on=\"-count\"/>\n<index on=\"count\" name=\"other\"/>"),
    "9:1 duplicate-index"),
  .init(
    "Databases",
    tail(
      "<index on=\"count\" database=\"app, cloud\"/>\n<index on=\"text\" database=\"disk\"/>\n<index on=\"next\" database=\"\"/>"
    ), "8:1 invalid-attribute", "9:1 invalid-attribute"),
  .init(
    "Sixteen names in an index", tail("<index on=\"\(String(repeating: "a,", count: 16))b\"/>"),
    "7:1 too-many"),
  .init(
    "A notification",
    tail(
      "<notify-user message=\"Flight {count}\" recipient-field=\"next\" received-field=\"text\" badge-count-field=\"count\"/>"
    )),
  .init(
    "A notification needs message and recipient", tail("<notify-user/>"), "7:1 missing-attribute",
    "7:1 missing-attribute"),
  .init(
    "Names of a notification",
    tail(
      "<notify-user message=\"{x}\" recipient-field=\"text\" received-field=\"next\" badge-count-field=\"x\"/>"
    ), "7:1 display-name", "7:1 notify-name", "7:1 notify-name", "7:1 notify-name"),
  .init(
    "A webhook",
    tail(
      "<webhook type=\"ready\"><field name=\"pass\" state=\"uploaded\" required=\"false\"/><field name=\"next\" embed=\"false\"/></webhook>"
    )),
  .init(
    "A webhook needs a type", tail("<webhook/>\n<webhook type=\"delete\"/>"), "7:1 missing-attribute",
    "8:1 invalid-attribute"),
  .init(
    "A webhook's name is one",
    tail("<webhook type=\"ready\" name=\"a-b\"/>\n<webhook type=\"ready\" name=\"\"/>"), "7:1 invalid-name",
    "8:1 invalid-name"),
  .init(
    "A default name that is none is warned of",
    tail("<webhook type=\"ready\" receiver=\"cloudcode\" action=\"send it\"/>"), "7:1 webhook-name"),
  .init(
    "A default name that is longer than names may be is one",
    tail("<webhook type=\"ready\" receiver=\"cloudcode\" action=\"\(String(repeating: "a", count: 200))\"/>")),
  .init(
    "A default name that is taken is warned of",
    tail("<webhook type=\"ready\"/>\n<webhook type=\"update\" name=\"flight_ready\"/>\n<webhook type=\"ready\"/>"),
    "7:1 webhook-name", "9:1 webhook-name"),
  .init(
    "Names that are written are unique in the deployment",
    tail(
      "<webhook type=\"ready\" name=\"a\"/>\n<webhook type=\"update\" name=\"a\"/>\n"
        + "<webhook type=\"ready\" name=\"A\"/>"
    ).replacing(
      "</data-model>",
      with:
        "<model name=\"x\" label=\"X\"><display>X</display>\n<webhook type=\"ready\" name=\"a\"/></model></data-model>"),
    "8:1 duplicate-name", "13:1 duplicate-name"),
  .init(
    "Receivers",
    tail(
      "<webhook type=\"ready\" receiver=\"mail\" action=\"a\"/>\n<webhook type=\"update\" receiver=\"pdfmailer\"/>\n<webhook type=\"update\" name=\"x\" action=\"a\"/>"
    ), "7:1 invalid-attribute", "8:1 webhook-action", "9:1 webhook-action"),
  .init(
    "Fields of a webhook",
    tail(
      "<webhook type=\"ready\">\n<field/>\n<field name=\"nothing\"/>\n<field name=\"befores\"/>\n<field name=\"text\"/>\n<field name=\"text\"/>\n<field name=\"count\" required=\"1\"/>\n</webhook>"
    ), "8:1 missing-attribute", "9:1 webhook-field", "10:1 webhook-field", "12:1 duplicate-name",
    "13:1 invalid-attribute"),
  .init(
    "Fields that every body has are ignored",
    tail(
      "<webhook type=\"ready\">\n<field name=\"id\"/>\n<field name=\"updated_at\" required=\"x\"/>\n<field name=\"type\"/>\n</webhook>"
    ), "8:1 ignored-webhook-field", "9:1 invalid-attribute", "9:1 ignored-webhook-field", "10:1 webhook-field"),
  .init(
    "Empty flags of a field",
    tail(
      "<webhook type=\"ready\">\n<field name=\"text\" required=\"\" embed=\"\"/>\n<field name=\"next\" required=\" \" embed=\" \"/>\n</webhook>"
    ), "8:1 empty-attribute", "8:1 empty-attribute", "9:1 empty-attribute", "9:1 empty-attribute"),
  .init(
    "embed and state where they say nothing",
    tail(
      "<webhook type=\"ready\">\n<field name=\"text\" embed=\"true\"/>\n<field name=\"count\" state=\"uploaded\"/>\n<field name=\"next\" state=\"gone\"/>\n</webhook>"
    ), "8:1 ineffective-attribute", "9:1 ineffective-attribute", "10:1 invalid-attribute"),
]
