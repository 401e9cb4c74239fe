import DataBrowser
import DataModel
import Deployments
import Foundation
import HTTPServer
import Storage
import Testing
import Wire

/// Serves the pages over the flights for as long as somebody wants to look at them: with `SOJOURN_SHOW_PAGES` set to a
/// port, `swift test --filter ShownPages` answers on it until `SOJOURN_SHOW_PAGES_END` is a file.
@Suite struct ShownPages {
  @Test(.enabled(if: ProcessInfo.processInfo.environment["SOJOURN_SHOW_PAGES"] != nil))
  func theFlightsAreShown() async throws {
    let environment = ProcessInfo.processInfo.environment
    let port = try #require(UInt16(environment["SOJOURN_SHOW_PAGES"] ?? ""))
    let end = environment["SOJOURN_SHOW_PAGES_END"] ?? "/tmp/sojourn-show-pages-end"
    let schema = try Self.text("schema.xml")
    try await TestBrowser.run(schema: schema) { browser in
      for (model, file) in [
        ("airline", "airlines"), ("airport", "airports"), ("plane", "planes"), ("user", "users"),
        ("weather", "weather-week1"), ("flight", "flights-week1"),
      ] {
        let text = try Self.text("\(file).csv")
        try await Self.load(text, as: model, into: browser)
      }
      let server = try HTTPServer(
        configuration: ServerConfiguration(listeners: [Listener(scheme: .http, host: "127.0.0.1", port: port)]),
        handler: browser.handler)
      print("pages: http://127.0.0.1:\(port)/databrowser")
      while !FileManager.default.fileExists(atPath: end) {
        try await Task.sleep(for: .milliseconds(100))
        browser.clock.advance(byMilliseconds: 100)
      }
      await server.shutdown(grace: 1)
    }
  }

  /// A file of the flights example.
  static func text(_ file: String) throws -> String {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("examples/flights")
    return try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
  }

  static func load(_ csv: String, as model: String, into browser: TestBrowser) async throws {
    let lines = csv.split(separator: "\n").map { cells(in: String($0)) }
    let types = try browser.deployments.deployment(browser.deploymentID).store.dataModel.model[model]
    let steps = lines.dropFirst().map { cells in
      var members = ["\"type\":\"\(model)\""]
      var place: [String] = []
      for (name, value) in zip(lines[0], cells) where !value.isEmpty {
        if name.hasPrefix("position.") {
          place.append("\"\(name.dropFirst(9))\":\(value)")
        } else {
          let isPlain = [.integer, .number, .boolean, .singleChoiceInteger].contains(types?.field(name)?.type)
          let isList = types?.field(name)?.type.isMultipleChoice == true
          let list = value.split(separator: "|").map { "\"\($0)\"" }.joined(separator: ",")
          members.append("\"\(name)\":" + (isList ? "[\(list)]" : isPlain ? value : "\"\(value)\""))
        }
      }
      if !place.isEmpty { members.append("\"position\":{\(place.joined(separator: ","))}") }
      return "{\"method\":\"POST\",\"object\":{\(members.joined(separator: ","))}}"
    }
    for start in stride(from: 0, to: steps.count, by: 1000) {
      let part = steps[start..<min(start + 1000, steps.count)]
      try await browser.batch("{\"operations\":[\(part.joined(separator: ","))]}")
    }
  }

  private static func cells(in line: String) -> [String] {
    var cells = [""]
    var isQuoted = false
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: cells.append("")
      default: cells[cells.count - 1].append(character)
      }
    }
    return cells
  }
}
