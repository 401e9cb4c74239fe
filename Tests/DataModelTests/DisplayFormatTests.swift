import Testing

@testable import DataModel

@Suite("Display formats resolved")
struct DisplayFormatTests {
  /// The display of a flight in the running example, replaced.
  private func display(_ text: String) throws -> DisplayFormat {
    let (model, findings) = read(
      flights.replacing("{airline.carrier} {number} {origin} - {destination}", with: text))
    return try #require(model?["flight"]?.display, "\(findings)")
  }

  private func value(
    _ path: [DisplayFormat.Step], _ model: String, _ content: DisplayFormat.Content
  ) -> DisplayFormat.Part { .value(.init(path: path, model: model, content: content)) }

  private let airline = DisplayFormat.Step(relationship: "airline", position: 0, model: "airline")
  private let origin = DisplayFormat.Step(relationship: "origin", position: 2, model: "airport")

  @Test("The running example")
  func runningExample() throws {
    let format = try display("{airline.carrier} {number} {origin}")
    #expect(format.text == "{airline.carrier} {number} {origin}")
    #expect(
      format.parts == [
        value([airline], "airline", .field(.init(name: "carrier", position: 0, type: .text))),
        .literal(" "),
        value([], "flight", .field(.init(name: "number", position: 0, type: .integer))),
        .literal(" "),
        value([origin], "airport", .display),
      ])
  }

  @Test("Blanks inside braces have no meaning")
  func blanks() throws {
    #expect(
      try display("{ origin . position . latitude : .1f }").parts == [
        value(
          [origin], "airport",
          .field(
            .init(name: "position", position: 2, type: .location, decimals: 1, locationPart: .latitude)))
      ])
  }

  @Test("Decimals")
  func decimals() throws {
    for (text, decimals) in [("{distance}", nil), ("{distance:.0f}", 0), ("{distance:.20f}", 20)] {
      #expect(
        try display(text).parts == [
          value(
            [], "flight", .field(.init(name: "distance", position: 3, type: .number, decimals: decimals)))
        ])
    }
  }

  @Test("An attachment and a choice are fields as others, with their type")
  func types() throws {
    #expect(
      try display("{boarding_pass}{status}").parts == [
        value([], "flight", .field(.init(name: "boarding_pass", position: 6, type: .attachment))),
        value([], "flight", .field(.init(name: "status", position: 4, type: .singleChoice))),
      ])
  }

  @Test("Ids, none of which needs another object")
  func ids() throws {
    #expect(
      try display("{id}{airline_id}{ airline . id }{boarding_pass_id}").parts == [
        value([], "flight", .id), value([], "flight", .relationship("airline")),
        value([], "flight", .relationship("airline")),
        value([], "flight", .field(.init(name: "boarding_pass", position: 6, type: .attachment))),
      ])
    let (model, findings) = read(
      flight(
        "<field name=\"pass\" label=\"P\" type=\"photo\"/><belongs-to model=\"flight\" name=\"next\"/>"
          + "<display>{next.next_id} {next.next.id} {next.pass_id}</display>"))
    let step = DisplayFormat.Step(relationship: "next", position: 0, model: "flight")
    let display = try #require(model?["flight"], "\(findings)").display
    #expect(
      display.parts == [
        value([step], "flight", .relationship("next")), .literal(" "),
        value([step], "flight", .relationship("next")), .literal(" "),
        value([step], "flight", .field(.init(name: "pass", position: 0, type: .photo))),
      ])
  }

  @Test("An attribute is read as the text, which goes before it")
  func attribute() throws {
    let (attribute, _) = read(flight("<display format=\"  Flight &#10; {{a}} \"/>"))
    let (both, _) = read(flight("<display format=\"a\">Flight {{a}}</display>"))
    for model in [attribute, both] {
      let display = try #require(model?["flight"]).display
      #expect(display.text == "Flight {{a}}")
      #expect(display.parts == [.literal("Flight {a}")])
    }
  }

  @Test("Literals beside one another are one")
  func literals() throws {
    #expect(try display("a {{b}} {$:c()} d").parts == [.literal("a {b} {$:c()} d")])
    #expect(try display("").parts == [])
  }

  @Test("White space at the ends and line breaks inside are layout of the XML")
  func layout() throws {
    let format = try display("\n   {number}  by\n\t {airline.carrier}  \n")
    #expect(format.text == "{number}  by {airline.carrier}")
    #expect(format.parts.contains(.literal("  by ")))
  }

  @Test("A model may show itself through a relationship to itself")
  func itself() throws {
    let (model, _) = read(flight("<belongs-to model=\"flight\" name=\"next\"/><display>{next}</display>"))
    let step = DisplayFormat.Step(relationship: "next", position: 0, model: "flight")
    #expect(try #require(model?["flight"]).display.parts == [value([step], "flight", .display)])
  }
}
