@testable import DataModel

/// A document, and exactly the findings that it has.
struct FindingExample: CustomStringConvertible {
  let rule: String
  let xml: String
  let findings: [String]

  init(_ rule: String, _ xml: String, _ findings: String...) {
    self.rule = rule
    self.xml = xml
    self.findings = findings
  }

  var description: String { rule }
}

private let stop = "<display>Flight</display>"

let documentExamples: [FindingExample] = [
  .init("An empty document has no root", "", "1:1 broken-xml"),
  .init("The root is data-model", "<models/>", "1:1 wrong-root"),
  .init("The dialect with schema is older", "<schema><object name=\"a\"/></schema>", "1:1 older-dialect"),
  .init(
    "The dialect with object is older", document("<object name=\"a\"/>\n<object name=\"b\"/>"),
    "2:1 older-dialect", "3:1 older-dialect"),
  .init("There is at least one model", "<data-model/>", "1:1 no-models"),
  .init("An end tag must fit", "<data-model>\n <model>\n</data-model>", "3:3 broken-xml"),
  .init("An element must end", "<data-model>\n", "2:1 broken-xml"),
  .init("Something after the root", "<data-model/>\n<more/>", "2:1 broken-xml"),
  .init("An attribute stands once", "<data-model>\n<a b=\"\" b=\"\"/></data-model>", "2:9 broken-xml"),
  .init("A bare ampersand breaks", "<data-model>\n  a & b\n</data-model>", "2:6 broken-xml"),
  .init("Entities are unknown without a DTD", "<data-model>&nbsp;</data-model>", "1:13 broken-xml"),
  .init("A DTD is refused", "<!DOCTYPE data-model>\n<data-model/>", "1:1 doctype"),
  .init(
    "Processing instructions are refused, each",
    "<?xml version=\"1.0\"?>\n<?style a?>\n<data-model/>\n <?other?>", "2:1 processing-instruction",
    "4:2 processing-instruction"),
  .init("Another encoding", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><data-model/>", "1:1 not-utf-8"),
  .init(
    "The letter case of utf-8 does not matter",
    "<?xml version=\"1.0\" encoding=\"utf-8\"?><data-model/>", "1:39 no-models"),
  .init(
    "A byte order mark is no character of the document", "\u{FEFF}<data-model/>", "1:1 no-models"),
  .init(
    "Unknown elements are warnings",
    document(
      """
      <colour/>
      <model name="flight" label="Flight">
      <field name="a" label="A" type="text"><hint><deep/></hint></field>
      <attribute name="b"/>
      <display>{a}<b/></display>
      <index on="a"><c/></index>
      <webhook type="update"><d/></webhook>
      </model>
      """),
    "2:1 unknown-element", "4:39 unknown-element", "5:1 unknown-element", "6:13 unknown-element",
    "7:15 unknown-element", "8:24 unknown-element"),
  .init(
    "Unknown attributes are warnings, those of other letter case too",
    "<data-model xmlns=\"urn:x\">\n<model name=\"a\" label=\"A\" Name=\"b\">\(stop)</model></data-model>",
    "1:1 unknown-attribute", "2:1 unknown-attribute"),
  .init("Text between elements is ignored", flight("late\n\(stop)"), "2:1 unexpected-text"),
  .init("CDATA and comments are fine", flight("<!-- a --><display><![CDATA[{{&}}]]></display>")),
]

/// UTF-8 by other names.
let encodingExamples: [FindingExample] =
  ["utf8", "UTF8", "Utf_8", "utf-8-", "unicode-1-1-utf-8", "csUTF8", "cp65001"].map {
    .init(
      "The encoding \($0) is UTF-8", "<?xml version=\"1.0\" encoding=\"\($0)\"?>\n" + flightWith(""),
      "1:1 encoding-name")
  }
  + ["UTF-8", "utf-8", "Utf-8"].map {
    .init("The encoding \($0) is UTF-8 itself", "<?xml version=\"1.0\" encoding=\"\($0)\"?>\n" + flightWith(""))
  }
  + ["utf-16", "utf-7", "us-ascii", "utf-81", "x"].map {
    .init(
      "The encoding \($0) is another", "<?xml version=\"1.0\" encoding=\"\($0)\"?>\n" + flightWith(""),
      "1:1 not-utf-8")
  }

let modelExamples: [FindingExample] = [
  .init(
    "A model needs a name and a label", document("<model>\(stop)</model>"), "2:1 missing-attribute",
    "2:1 missing-attribute"),
  .init(
    "A label that says nothing is warned of",
    document(
      "<model name=\"a\" label=\" \">\(stop)</model>\n<model name=\"b\" label=\"\">\n"
        + "<field name=\"c\" label=\"\" type=\"text\"/>\n<field name=\"d\" label=\"&#9;&#160;\" type=\"text\"/>\(stop)</model>"
    ), "2:1 empty-label", "3:1 empty-label", "4:1 empty-label", "5:1 empty-label"),
  .init(
    "A label that is not there is an error", document("<model name=\"a\">\(stop)</model>"),
    "2:1 missing-attribute"),
  .init(
    "A name begins with a letter", document("<model name=\"1a\" label=\"A\">\(stop)</model>"),
    "2:1 invalid-name"),
  .init(
    "A name is ASCII", document("<model name=\"flüge\" label=\"A\">\(stop)</model>"), "2:1 invalid-name"),
  .init(
    "A name has no underscore first", document("<model name=\"_a\" label=\"A\">\(stop)</model>"),
    "2:1 invalid-name"),
  .init(
    "A name may have 100 characters",
    document("<model name=\"\(String(repeating: "a", count: 100))\" label=\"A\">\(stop)</model>")),
  .init(
    "A name has no 101 characters",
    document("<model name=\"\(String(repeating: "a", count: 101))\" label=\"A\">\(stop)</model>"),
    "2:1 invalid-name"),
  .init(
    "Model names are unique",
    document("<model name=\"a\" label=\"A\">\(stop)</model>\n<model name=\"a\" label=\"A\">\(stop)</model>"),
    "3:1 duplicate-name"),
  .init(
    "Model names may differ in letter case",
    document("<model name=\"a\" label=\"A\">\(stop)</model>\n<model name=\"A\" label=\"A\">\(stop)</model>")),
  .init(
    "Some names are reserved",
    document(
      ["object", "account", "id", "type"].map { "<model name=\"\($0)\" label=\"A\">\(stop)</model>" }
        .joined(separator: "\n")),
    "2:1 reserved-name", "3:1 reserved-name", "4:1 reserved-name", "5:1 reserved-name"),
  .init(
    "Words of scripts are warned of",
    document(
      ["class", "interface", "number", "await"].map { "<model name=\"\($0)\" label=\"A\">\(stop)</model>" }
        .joined(separator: "\n")),
    "2:1 reserved-word", "3:1 reserved-word", "4:1 reserved-word", "5:1 reserved-word"),
  .init(
    "A classification is standard or sensitive",
    document(
      """
      <model name="a" label="A" classification="standard">\(stop)</model>
      <model name="b" label="B" classification="sensitive">\(stop)</model>
      <model name="c" label="C" classification="secret">\(stop)</model>
      """), "4:1 invalid-attribute"),
  .init(
    "A label has 1000 characters at most",
    document("<model name=\"a\" label=\"\(String(repeating: "ä", count: 1001))\">\(stop)</model>"),
    "2:1 too-long"),
  .init(
    "A display is required", flight("<field name=\"a\" label=\"A\" type=\"text\"/>"), "2:1 missing-display"),
  .init("A second display is ignored", flight("\(stop)\n<display>{unknown}</display>"), "4:1 second-display"),
  .init("An empty display is warned of", flight("<display> \n </display>"), "3:1 empty-display"),
  .init(
    "A display as an attribute is warned of, and its names are looked up",
    flight("<field name=\"a\" label=\"A\" type=\"text\"/>\n<display format=\"{a} {b}\"/>"),
    "4:1 display-name", "4:1 display-attribute"),
  .init(
    "A display has a text or an attribute, and may have nothing in either",
    flight("<display format=\"{b}\">Flight</display>").replacing(
      "</data-model>", with: "\n<model name=\"a\" label=\"A\">\n<display format=\" \"/></model></data-model>"),
    "3:1 display-attribute", "7:1 display-attribute", "7:1 empty-display"),
  .init(
    "Fields come first, then relationships, then the rest",
    flight(
      """
      <field name="a" label="A" type="text"/>
      <has-many model="flight" name="backs"/>
      <belongs-to model="flight" name="back"/>
      <field name="b" label="B" type="text"/>
      \(stop)
      <belongs-to model="flight" name="next"/>
      <index on="a"/>
      <field name="c" label="C" type="text"/>
      """), "4:1 ambiguous-inverse", "6:1 wrong-order", "8:1 wrong-order", "10:1 wrong-order"),
]

let memberExamples: [FindingExample] = [
  .init(
    "A field needs name, label and type", flightWith("<field/>"), "3:1 missing-attribute",
    "3:1 missing-attribute", "3:1 missing-attribute"),
  .init(
    "Field names are unique",
    flightWith(
      "<field name=\"a\" label=\"A\" type=\"text\"/>\n<field name=\"a\" label=\"A\" type=\"date\"/>"),
    "4:1 duplicate-name"),
  .init(
    "Fields among themselves may differ in letter case",
    flightWith("<field name=\"a\" label=\"A\" type=\"text\"/>\n<field name=\"A\" label=\"A\" type=\"date\"/>")
  ),
  .init(
    "A field and a relationship differ in more than letter case",
    flightWith(
      "<field name=\"Next\" label=\"A\" type=\"text\"/>\n<belongs-to model=\"flight\" name=\"next\"/>"),
    "4:1 duplicate-name"),
  .init(
    "Relationships have names of their own",
    flightWith(
      "<belongs-to model=\"flight\"/>\n<belongs-to model=\"flight\"/>\n"
        + "<has-many model=\"flight\" name=\"flight\" inverse-of=\"flight\"/>"), "4:1 duplicate-name",
    "5:1 duplicate-name"),
  .init(
    "Names of fields and relationships that are reserved",
    flightWith(
      Names.reservedForMembers.filter { !$0.hasPrefix("_") }.sorted()
        .map { "<field name=\"\($0)\" label=\"A\" type=\"text\"/>" }
        .joined(separator: "\n") + "\n<belongs-to model=\"flight\" name=\"display\"/>"),
    "3:1 reserved-name", "4:1 reserved-name", "5:1 reserved-name", "6:1 reserved-name",
    "7:1 reserved-name", "8:1 reserved-name", "9:1 reserved-name", "10:1 reserved-name",
    "11:1 reserved-name", "12:1 duplicate-name", "12:1 reserved-name"),
  .init(
    "Names with an underscore first are reserved and no names",
    flightWith("<field name=\"_id\" label=\"A\" type=\"text\"/>"), "3:1 invalid-name", "3:1 reserved-name"),
  .init(
    "A field that ends in _id is warned of",
    flightWith("<field name=\"order_id\" label=\"A\" type=\"text\"/>"), "3:1 id-suffix"),
  .init(
    "The id of a relationship or attachment is taken",
    flightWith(
      """
      <field name="next_id" label="A" type="text"/>
      <field name="photo_id" label="A" type="text"/>
      <field name="photo" label="A" type="photo"/>
      <belongs-to model="flight" name="next"/>
      <belongs-to model="flight" name="next_id_id"/>
      <belongs-to model="flight" name="next_id_id_id"/>
      """), "3:1 id-collision", "4:1 id-collision", "8:1 id-collision"),
  .init(
    "A type is one of the list",
    flightWith(
      """
      <field name="a" label="A" type="string"/>
      <field name="b" label="B" type="Text"/>
      <field name="c" label="C" type="integer:name"/>
      <field name="d" label="D" type="text:colour"/>
      <field name="e" label="E" type="text:"/>
      <field name="f" label="F" type="text:phone-number-za"/>
      """), "3:1 unknown-type", "4:1 unknown-type", "5:1 unknown-type", "6:1 unknown-subtype",
    "7:1 unknown-subtype"),
  .init(
    "Every type and subtype is known",
    flightWith(
      FieldType.allCases.map { type in
        "<field name=\"f_\(type.rawValue.replacing("-", with: "_"))\" label=\"A\" type=\"\(type.rawValue)\""
          + (type == .attachment ? " media=\"any\"" : "") + ">"
          + (type.isChoice ? "<option key=\"1\">One</option>" : "") + "</field>"
      }.joined()
        + TextSubtype.allCases.map {
          "<field name=\"t_\($0.rawValue.replacing("-", with: "_"))_text\" label=\"A\" type=\"text:\($0.rawValue)\"/>"
        }.joined())),
  .init(
    "Media belongs on attachments, and is one of the list",
    flightWith(
      """
      <field name="a" label="A" type="attachment"/>
      <field name="b" label="B" type="attachment" media="application/zip"/>
      <field name="c" label="C" type="photo" media="image/png"/>
      <field name="d" label="D" type="signature" media="any"/>
      <field name="e" label="E" type="text" media="any"/>
      <field name="f" label="F" type="attachment" media="text/csv" auto-download="false"/>
      <field name="g" label="G" type="multiple-choice" media="no such type"><option key="a">A</option></field>
      """), "3:1 missing-media", "4:1 unknown-media", "5:1 unexpected-media", "6:1 unexpected-media",
    "7:1 unexpected-media", "9:1 unexpected-media"),
  .init(
    "Every media type is known",
    flightWith(
      MediaType.allCases.enumerated().map {
        "<field name=\"a\($0.offset)\" label=\"A\" type=\"attachment\" media=\"\($0.element.rawValue)\"/>"
      }.joined())),
  .init(
    "auto-download is a flag of what is downloaded",
    flightWith(
      """
      <field name="a" label="A" type="photo" auto-download="yes"/>
      <field name="b" label="B" type="text" auto-download="true"/>
      <field name="c" label="C" type="photo" auto-download=""/>
      <field name="d" label="D" type="text" auto-download=""/>
      <field name="e" label="E" type="text" auto-download="yes"/>
      """), "3:1 invalid-attribute", "4:1 ineffective-attribute", "5:1 empty-attribute",
    "6:1 ineffective-attribute", "7:1 invalid-attribute", "7:1 ineffective-attribute"),
  .init(
    "Attributes for clients have no effect",
    flightWith(
      "<field name=\"a\" label=\"A\" type=\"number\" spec=\"x\" minValue=\"1\" maxValue=\"2\""
        + " deprecated-spec=\"\"/>"), "3:1 ineffective-attribute", "3:1 ineffective-attribute",
    "3:1 ineffective-attribute", "3:1 ineffective-attribute"),
  .init("A belongs-to needs a model", flightWith("<belongs-to name=\"a\"/>"), "3:1 missing-attribute"),
  .init(
    "Relationships name models that exist, in their letter case",
    flightWith(
      "<belongs-to model=\"plane\"/>\n<belongs-to model=\"Flight\"/>\n<has-many model=\"x\" name=\"y\"/>"),
    "3:1 unknown-model", "4:1 unknown-model", "5:1 unknown-model"),
  .init(
    "Models may be declared later",
    flightWith("<belongs-to model=\"plane\"/>").replacing(
      "</data-model>", with: "<model name=\"plane\" label=\"P\">\(stop)</model></data-model>")),
  .init(
    "A has-many needs model and name", flightWith("<has-many/>"), "3:1 missing-attribute",
    "3:1 missing-attribute"),
  .init(
    "A has-many needs a belongs-to in the other model",
    flightWith("<has-many model=\"flight\" name=\"a\"/>"), "3:1 no-inverse"),
  .init(
    "inverse-of names a belongs-to towards this model",
    flightWith("<belongs-to model=\"flight\"/>\n<has-many model=\"flight\" name=\"a\" inverse-of=\"b\"/>"),
    "4:1 no-inverse"),
  .init(
    "Of several, inverse-of chooses",
    flightWith(
      """
      <belongs-to model="flight"/>
      <belongs-to model="flight" name="next"/>
      <has-many model="flight" name="a"/>
      <has-many model="flight" name="b" inverse-of="next"/>
      """), "5:1 ambiguous-inverse"),
  .init(
    "One has-many for each belongs-to",
    flightWith(
      """
      <belongs-to model="flight"/>
      <has-many model="flight" name="a"/>
      <has-many model="flight" name="b" inverse-of="flight"/>
      """), "5:1 inverse-taken"),
]

let optionExamples: [FindingExample] = [
  .init(
    "Options belong on choices and booleans",
    flightWith(
      "<field name=\"a\" label=\"A\" type=\"text\">\n<option key=\"b\">B</option>\n<option/>\n<colour/></field>\n"
        + "<field name=\"b\" label=\"B\" type=\"photo\">\n<option/></field>"),
    "4:1 unexpected-option", "6:1 unknown-element", "8:1 unexpected-option"),
  .init(
    "A choice has options",
    flightWith(
      FieldType.allCases.filter(\.isChoice).enumerated().map {
        "<field name=\"a\($0.offset)\" label=\"A\" type=\"\($0.element.rawValue)\"/>"
      }.joined(separator: "\n")), "3:1 empty-options", "4:1 empty-options", "5:1 empty-options",
    "6:1 empty-options"),
  .init(
    "A text option has a key, not empty and not twice",
    flightWith(
      """
      <field name="a" label="A" type="single-choice">
      <option>B</option>
      <option key="">B</option>
      <option key="c">C</option>
      <option key="c">D</option>
      <option key="e"/>
      <option key="\(String(repeating: "f", count: 256))">F</option>
      <option key="C">Another letter case</option>
      </field>
      """), "4:1 missing-option-key", "5:1 invalid-option-key", "7:1 duplicate-option-key",
    "8:1 missing-option-label", "9:1 invalid-option-key"),
  .init(
    "Two Unicode spellings are two keys",
    flightWith(
      """
      <field name="a" label="A" type="single-choice">
      <option key="\u{E9}">One</option><option key="e\u{301}">Two</option>
      </field>
      """)),
  .init(
    "An integer option has 32 bits",
    flightWith(
      """
      <field name="a" label="A" type="multiple-choice-integer">
      <option key="-2147483648">Least</option>
      <option key="2147483647">Most</option>
      <option key="2147483648">Too much</option>
      <option key="1.0">Fraction</option>
      <option key=" 1">Blank</option>
      <option key="">None</option>
      <option>After the largest</option>
      </field>
      """), "6:1 invalid-option-key", "7:1 invalid-option-key", "8:1 invalid-option-key",
    "9:1 invalid-option-key", "10:1 missing-option-key"),
  .init(
    "An automatic key may meet one written later",
    flightWith(
      """
      <field name="a" label="A" type="single-choice-integer">
      <option>Zero</option>
      <option key="00">Zero too</option>
      </field>
      """), "5:1 duplicate-option-key"),
  .init(
    "A boolean has exactly true and false",
    flightWith(
      """
      <field name="a" label="A" type="boolean">
      <option key="true">Yes</option></field>
      <field name="b" label="B" type="boolean">
      <option key="true">Yes</option>
      <option key="no">No</option></field>
      <field name="c" label="C" type="boolean">
      <option key="true">Yes</option>
      <option key="true">Also</option></field>
      <field name="d" label="D" type="boolean"><option>Yes</option></field>
      <field name="e" label="E" type="boolean"><option key="true">On</option><option key="false">Off</option></field>
      """), "3:1 boolean-options", "7:1 invalid-option-key", "10:1 duplicate-option-key",
    "11:42 missing-option-key"),
]
