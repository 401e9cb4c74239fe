import HTTPServer
import Objects
import People
import QueryLanguage
import Storage
import Web
import Wire

extension DeploymentCall {
  /// Longer readings say what would make them faster.
  private static let quickMilliseconds = 200

  /// The query console.
  func console(_ text: ConsoleText) async throws -> Response {
    if let clean = cleanConsole(text) { return DataBrowserHandler.seeOther(clean) }
    let usual = try await page.people.columns(of: text[.model], in: id, for: visitor)
    let (page, frame) = try await reading { read in
      let question = ConsoleQuestion(text, among: read.models)
      var page = ConsolePage(
        card: DeploymentCard(deployment), text: text, form: question.form, position: question.position)
      if let name = question.model {
        page.result = try read.result(of: question.view, on: try Self.model(name, read), usual: usual)
      }
      return page
    }
    return answer(page, in: frame, status: page.form.isGood ? 200 : 422)
  }

  /// A form that is sent by GET names fields that are empty; nil where the address is as we write it.
  private func cleanConsole(_ text: ConsoleText) -> Route? {
    guard let pairs = try? QueryPairs(visit.head.rawQuery), pairs.pairs.count != text.pairs.count else { return nil }
    return visit.route
  }

  fileprivate static func isQuick(_ milliseconds: Int) -> Bool { milliseconds <= quickMilliseconds }
}

extension PageRead {
  fileprivate func result(
    of view: TableView, on model: ModelView, usual: [String]?
  ) throws -> ConsolePage.Result {
    let wanted = TableWant(
      view: view, links: ViewLinks(call.id, model.name), usual: usual, isLong: false, isExamined: true)
    let began = ContinuousClock.now
    let table: TablePage
    do {
      table = try self.table(wanted, of: model)
    } catch StorageError.timeLimit(let seconds) {
      throw tooSlow(wanted, of: model, seconds)
    }
    let milliseconds = Int((ContinuousClock.now - began) / .milliseconds(1))
    return ConsolePage.Result(
      table: table, milliseconds: milliseconds,
      advice: DeploymentCall.isQuick(milliseconds) ? nil : advice(wanted, of: model),
      examples: CurlText(base: call.baseURL, user: call.id, model: model.name, view: view, sort: table.view.sort)
        .call.map { APIExamples(base: call.baseURL, user: call.id, call: $0).all } ?? [])
  }
}
