import Storage
import Web
import Wire

/// The query console: asks for objects of a model by an expression or the query of a GET, and shows what the API
/// answers. It only reads.
struct ConsolePage: Page {
  /// What a query came to.
  struct Result: Sendable {
    var table: TablePage
    var milliseconds: Int
    /// What would make it faster, where it took long.
    var advice: String?
    /// The call in the languages of programs; empty where the API has no single call for it.
    var examples: [APIExamples.Example]
  }

  var card: DeploymentCard
  var text: ConsoleText
  var form: Form
  /// Where the expression is wrong: characters from 0.
  var position: Int?
  /// Nil while nothing is asked, and where it cannot be read.
  var result: Result?

  var title: String { form.isGood ? "Query" : "Error: Query" }
  var trail: [Crumb] { [Crumb(card.label, .overview(card.id))] }

  var body: HTML {
    fragment {
      div(.class("heading")) { h1 { "Query" } }
      form.summary
      if let position { pointer(at: position) }
      section(.class("card"), .aria("label", "What is asked for")) {
        Web.form(.class("stack inside"), .role("search"), .method(.get), .action(Route.console(card.id, .none))) {
          form.inputs
          div(.class("actions")) {
            button(.type(.submit), .class("main")) { "Run" }
            if text != .none { a(.class("button"), .href(Route.console(card.id, .none))) { "Begin anew" } }
          }
        }
      }
      if let result { drawing(of: result) }
    }
  }

  /// The line of the expression, with a mark below the character.
  private func pointer(at position: Int) -> HTML {
    let before = text[.expression].prefix(position)
    let start = before.lastIndex(where: \.isNewline).map { before.index(after: $0) } ?? before.startIndex
    let line = text[.expression][start...].prefix { !$0.isNewline }
    let column = before[start...].count
    return div(.class("code")) {
      pre(.class("long"), .tabIndex(0), .aria("label", "Where the expression is wrong")) {
        code { "\(line)\n\(String(repeating: " ", count: column))^" }
      }
    }
  }

  /// How many rows were examined, and by which index.
  static func words(_ cost: ReadCost) -> String {
    let rows = Grouped.text(cost.rows, "row") + " examined"
    var ways = cost.indexes.map { "the index \($0)" }
    if cost.usesSearch { ways.insert("the index of searches", at: 0) }
    return ways.isEmpty ? "\(rows), without an index." : "\(rows), by \(Sentence.list(of: ways))."
  }

  private func drawing(of result: Result) -> HTML {
    fragment {
      section(.class("card"), .aria("labelledby", "result")) {
        div(.class("cap")) {
          h2(.id("result")) { "\(result.table.label): \(result.table.count.text)" }
          div(.class("actions")) {
            a(.href(result.table.links.table(result.table.view))) { "As a table" }
            a(.href(result.table.links.keep(result.table.view))) { "Keep" }
            a(.href(result.table.links.export(result.table.view))) { "Export" }
          }
        }
        p(.class("bar hush small")) {
          "Read in \(Grouped.text(result.milliseconds)) ms. "
          if let cost = result.table.cost { Self.words(cost) + " " }
          if result.table.next != nil { "These are the first \(result.table.rowCount); the table has the rest. " }
          if let advice = result.advice { advice }
        }
        if result.table.rowCount == 0 {
          div(.class("empty")) { strong { "No object fits" } }
        } else {
          result.table.region
        }
      }
      if !result.examples.isEmpty { CredentialHTML.examples(result.examples, title: "As API call") }
    }
  }
}
