import Testing

@testable import DataModel

@Suite("A data model as read")
struct DataModelTests {
  private func model(_ xml: String) throws -> DataModel {
    let (model, findings) = read(xml)
    return try #require(model, "\(findings)")
  }

  @Test("The flight of the running example")
  func runningExample() throws {
    let flight = try #require(try model(flights)["flight"])
    #expect(flight.label == "Flight")
    #expect(flight.classification == nil)
    #expect(
      flight.fields.map(\.type) == [
        .integer, .text, .datetime, .number, .singleChoice, .boolean, .attachment,
      ])
    #expect(
      flight.belongsTo == [
        BelongsTo(name: "airline", model: "airline"), BelongsTo(name: "plane", model: "plane"),
        BelongsTo(name: "origin", model: "airport"), BelongsTo(name: "destination", model: "airport"),
      ])
    #expect(flight.field("status")?.options.map(\.label) == ["Scheduled", "Landed", "Cancelled"])
    #expect(flight.field("status")?.label(of: .text("landed")) == "Landed")
    #expect(flight.field("status")?.label(of: .text("Landed")) == nil)
    #expect(flight.field("diverted")?.options == Option.ofBoolean)
    #expect(flight.field("boarding_pass")?.media == .pdf)
    #expect(flight.field("boarding_pass")?.idName == "boarding_pass_id")
    #expect(flight.field("airline") == nil)
    #expect(flight.belongsTo("origin")?.idName == "origin_id")
    #expect(flight.belongsTo[3].name == "destination")
    #expect(flight.fields[3].name == "distance")
    #expect(
      flight.indexes == [
        IndexDeclaration(
          name: "airline_scheduled_departure",
          keys: [
            .init(name: "airline", descending: false), .init(name: "scheduled_departure", descending: true),
          ],
          databases: [.app, .cloud])
      ])
    #expect(
      flight.webhooks == [
        WebhookDeclaration(
          name: "flight_status", kind: .update, receiver: nil, action: nil,
          conditions: [
            .init(name: "status", required: true, embed: false, state: .present),
            .init(name: "airline", required: true, embed: true, state: .present),
          ])
      ])
  }

  @Test("A has-many knows its belongs-to, chosen or the only one")
  func hasMany() throws {
    let model = try model(flights)
    #expect(model["airline"]?.hasMany("flights")?.inverseOf == "airline")
    #expect(model["airport"]?.hasMany.map(\.inverseOf) == ["origin", "destination"])
  }

  @Test("Options without a key count on from the largest")
  func automaticKeys() throws {
    let field = try model(
      flightWith(
        """
        <field name="a" label="A" type="single-choice-integer"><option>Zero</option><option>One</option>
        <option key="10">Ten</option><option key="5">Five</option><option>Eleven</option></field>
        """))["flight"]?.field("a")
    #expect(field?.options.map(\.key) == [0, 1, 10, 5, 11].map { .integer($0) })
    let negative = try model(
      flightWith(
        "<field name=\"a\" label=\"A\" type=\"single-choice-integer\"><option key=\"-5\">A</option>"
          + "<option>B</option></field>"))["flight"]?.field("a")
    #expect(negative?.options.map(\.key) == [.integer(-5), .integer(-4)])
  }

  @Test("An option without a label shows its key, and labels lose the layout around them")
  func labels() throws {
    let field = try model(
      flightWith(
        "<field name=\"a\" label=\"A\" type=\"boolean\"><option key=\"true\"/>\n"
          + "<option key=\"false\">\n  Not\n  at all </option></field>"))["flight"]?.field("a")
    #expect(field?.options.map(\.label) == ["true", "Not at all"])
    #expect(field?.position(of: .boolean(false)) == 1)
  }

  @Test("Webhook defaults")
  func webhooks() throws {
    let webhooks = try model(
      flightWith("").replacing(
        "</model>",
        with:
          "<webhook type=\"ready\"/><webhook type=\"update\" receiver=\"cloudcode\" action=\"go\"/></model>")
    )["flight"]?.webhooks
    #expect(webhooks?.map(\.name) == ["flight_ready", "cloudcode_flight_update_go"])
    #expect(webhooks?.map(\.receiver) == [nil, .cloudcode])
    #expect(webhooks?.map(\.action) == [nil, "go"])
  }

  /// Webhooks of a flight and what they are called.
  static let webhookNames: [(String, [String])] = [
    // Written names first, then default names, then numbers.
    (
      "<webhook type='update'/><webhook type='update'/><webhook type='update'/>", ["_update", "_update_2", "_update_3"]
    ),
    ("<webhook type='update'/><webhook type='update' name='flight_update'/>", ["_update_2", "_update"]),
    ("<webhook type='update'/><webhook type='ready'/><webhook type='update'/>", ["_update", "_ready", "_update_2"]),
    (
      "<webhook type='ready'/><webhook type='ready'/><webhook type='update' name='flight_ready_2'/>",
      ["_ready", "_ready_3", "_ready_2"]
    ),
    (
      "<webhook type='ready'/><webhook type='update' name='flight_ready_2'/><webhook type='ready'/>"
        + "<webhook type='ready'/><webhook type='ready' name='flight_ready'/>",
      ["_ready_3", "_ready_2", "_ready_4", "_ready_5", "_ready"]
    ),
    // What is no name.
    (
      "<webhook type='ready' receiver='cloudcode' action='send-email'/>"
        + "<webhook type='ready' receiver='cloudcode' action='send email'/>"
        + "<webhook type='ready' receiver='cloudcode' action='send_email'/>"
        + "<webhook type='ready' receiver='cloudcode' action='✈ß'/>",
      ["_ready_send_email", "_ready_send_email_2", "_ready_send_email_3", "_ready___"].map { "cloudcode_flight" + $0 }
    ),
    // A default name that looks like a number of another one.
    (
      ["a", "a", "a_2"].map { "<webhook type='ready' receiver='cloudcode' action='\($0)'/>" }.joined(),
      ["_ready_a", "_ready_a_3", "_ready_a_2"].map { "cloudcode_flight" + $0 }
    ),
  ]

  @Test("Webhooks without a name are called by default, and numbered", arguments: webhookNames)
  func defaultNames(xml: String, names: [String]) throws {
    let webhooks = try model(flightWith("").replacing("</model>", with: xml + "</model>"))["flight"]?.webhooks
    #expect(webhooks?.map(\.name) == names.map { $0.hasPrefix("_") ? "flight" + $0 : $0 })
  }

  @Test("Names of webhooks are unique across models")
  func webhookNamesAcrossModels() throws {
    let one = "<model name='a' label='A'><display>A</display><webhook type='ready'/></model>"
    let two = "<model name='b' label='B'><display>B</display><webhook type='ready' name='a_ready'/></model>"
    for models in [one + two, two + one] {
      let model = try model(document(models))
      #expect(model["a"]?.webhooks.map(\.name) == ["a_ready_2"])
      #expect(model["b"]?.webhooks.map(\.name) == ["a_ready"])
    }
  }

  @Test("What other servers ignore is ignored here")
  func leniency() throws {
    let flight = try #require(
      try model(
        flight(
          """
          <field name="photo" label="" type="photo" media="image/png" auto-download=""/>
          <field name="note" label=" " type="text" media="any"><option key="a">A</option></field>
          <field name="state" label="State" type="single-choice"/>
          <field name="place" label="Place" type="location"/>
          <belongs-to model="flight" name="next"/>
          <display format="{note}"/>
          <index on="place"/><index on="note,photo"/><index on="note"/>
          <webhook type="update"><field name="id"/><field name="updated_at" required="false"/>
          <field name="note" required=""/><field name="next" embed=""/></webhook>
          """))["flight"])
    #expect(flight.fields.map(\.label) == ["photo", "note", "State", "Place"])
    #expect(flight.fields.map(\.media) == [nil, nil, nil, nil])
    #expect(flight.field("photo")?.autoDownload == nil)
    #expect(flight.fields.map(\.options.count) == [0, 0, 0, 0])
    #expect(flight.indexes.map(\.name) == ["note"])
    #expect(
      flight.webhooks.first?.conditions == [
        .init(name: "note", required: true, embed: false, state: .present),
        .init(name: "next", required: true, embed: true, state: .present),
      ])
    let unnamed = try model("<data-model><model name='a' label=''><display>A</display></model></data-model>")
    #expect(unnamed["a"]?.label == "a")
  }

  @Test("A notification is kept")
  func notification() throws {
    let notification = try model(
      flight(
        "<field name=\"count\" label=\"A\" type=\"integer\"/><belongs-to model=\"flight\" name=\"next\"/>"
          + "<display>A</display><notify-user message=\"To {next}\" recipient-field=\"next\""
          + " badge-count-field=\"count\"/>")
    )["flight"]?.notifyUsers.first
    #expect(notification?.message.text == "To {next}")
    #expect(notification?.message.parts.count == 2)
    #expect(notification?.recipient == "next")
    #expect(notification?.receivedField == nil)
    #expect(notification?.badgeCountField == "count")
  }

  @Test(
    "A path names a model by its name or its one plural",
    arguments: [
      ("flight", "flight"), ("flights", "flight"), ("box", "box"), ("boxes", "box"), ("boxs", nil),
      ("categories", "category"), ("categorys", nil), ("days", "day"), ("daies", nil),
      ("buses", nil), ("busess", nil), ("branches", "branch"), ("dishes", "dish"), ("quizes", "quiz"),
      ("Flights", nil), ("flightses", nil), ("s", nil), ("", nil), ("es", nil), ("news", "news"),
      ("newses", "news"), ("ies", nil),
    ])
  func plurals(path: String, expected: String?) throws {
    let names = ["flight", "box", "category", "day", "bus", "buse", "branch", "dish", "quiz", "news", "new"]
    let model = try model(
      document(names.map { "<model name=\"\($0)\" label=\"A\"><display>A</display></model>" }.joined()))
    #expect(model.model(inPath: path)?.name == expected)
  }
}
