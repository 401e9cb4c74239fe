import API
import CommandLineTable
import Foundation
import Metrics
import Testing

@testable import sojourn

@Suite("Documentation")
struct PageTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  @Test("docs/configuration.md is what `sojourn settings` prints; script/docs writes it")
  func configuration() throws {
    #expect(try Self.text("docs/configuration.md") == SettingsCommand.page)
  }

  @Test("docs/metrics.md is what the table of metrics says; script/docs writes it")
  func metrics() throws {
    #expect(try Self.text("docs/metrics.md") == MetricsDocumentation.page)
  }

  @Test("docs/scaling.md quotes the configurations of examples/proxies as they are")
  func quotedConfigurations() throws {
    let quotes = try Self.text("docs/scaling.md").matches(of: /```\n([^`]+)```/).map { String($0.1) }
    let files = try ["nodes.Caddyfile", "nodes.nginx.conf"].map { try Self.text("examples/proxies/\($0)") }
    #expect(quotes.count == 3)
    for quote in quotes { #expect(files.contains { $0.contains(quote) }, "\(quote)") }
  }

  @Test("the table of commands has no slips")
  func table() {
    #expect(Commands.table.slips == [])
  }

  @Test("links between the pages lead to files that are there")
  func links() throws {
    var pages = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "examples/flights/README.md"]
    let docs = try FileManager.default.contentsOfDirectory(atPath: Self.root.appendingPathComponent("docs").path)
    pages += docs.filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }
    var count = 0
    for page in pages {
      for match in try Self.text(page).matches(of: /\]\(([^)#\s]+)[^)]*\)/) {
        let link = String(match.1)
        if link.contains("://") { continue }
        let target = Self.root.appendingPathComponent(page).deletingLastPathComponent().appendingPathComponent(link)
        #expect(FileManager.default.fileExists(atPath: target.path), "\(page): \(link)")
        count += 1
      }
    }
    #expect(count > 5)
  }

  @Test("every file that ARCHITECTURE.md and the table of rules name is there")
  func architecture() throws {
    var count = 0
    let pages = try Self.text("ARCHITECTURE.md") + Self.text("docs/rules.md")
    for match in pages.matches(of: /`((?:Sources|Tests)\/[A-Za-z0-9+\/.]+)`/) {
      let path = Self.root.appendingPathComponent(String(match.1)).path
      #expect(FileManager.default.fileExists(atPath: path), "\(match.1)")
      count += 1
    }
    #expect(count > 60)
  }

  @Test("the errors page has every type of error, with each of its statuses and a remedy")
  func errors() throws {
    #expect(ErrorType.allCases.count == 11)
    for type in ErrorType.allCases {
      let section = try #require(ErrorsPageText.section(type.rawValue))
      #expect(section.contains(type.title))
      #expect(section.contains(type.remedy.replacing("`", with: "")))
      for status in [type.status].compactMap({ $0 }) + type.otherStatuses {
        #expect(section.contains(String(status)), "\(type.rawValue): \(status)")
      }
    }
    #expect(try #require(ErrorsPageText.section("401")).contains("HTTP Basic: Access denied."))
  }

  @Test("every error that a route can give stands on the errors page")
  func routeErrors() throws {
    for error in Route.table.flatMap(\.errors) {
      #expect(try #require(ErrorsPageText.section(error.type.rawValue)).contains(String(error.status)))
    }
  }
}
