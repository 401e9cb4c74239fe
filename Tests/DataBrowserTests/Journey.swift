import DataBrowser
import Foundation
import HTTPServer
import PageReading
import Testing

/// A browser without script: it keeps cookies, follows where it is sent, and sends forms as they stand with what is
/// typed into them.
struct Journey {
  let browser: TestBrowser
  /// `localhost:8080` unless a test says otherwise.
  var host = "localhost:8080"
  private(set) var cookies: [String: String] = [:]
  private(set) var path = ""
  private(set) var status = 0
  private(set) var page: ReadPage
  private(set) var headers: [String: String] = [:]

  init(_ browser: TestBrowser) throws {
    self.browser = browser
    page = try ReadPage(Array("<html/>".utf8))
  }

  mutating func open(_ path: String) async throws { try await ask(.get, path, "") }

  /// The forms of the page that are posted, by where they go.
  func forms(to action: String) -> [ReadPage.Element] {
    page.all("form").filter { $0.attributes["action"] == action && $0.attributes["method"] == "post" }
  }

  /// Types into the page's form that is posted to `action` and sends it; the inputs that are not named stay.
  /// - Parameter having: what tells the form from others to the same address.
  mutating func send(
    to action: String, _ typed: [String: String] = [:], having: [String: String] = [:],
    headers more: [String: String] = ["Sec-Fetch-Site": "same-origin"]
  ) async throws {
    var fields = try #require(self.fields(of: action, having: having), "no form to \(action) \(having) on \(path)")
    fields.removeAll { typed[$0.0] != nil }
    fields += typed.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    try await post(action, fields, headers: more)
  }

  /// What the page's form to `action` sends as it stands; nil where there is none that has these values.
  func fields(of action: String, having: [String: String] = [:]) -> [(String, String)]? {
    FormBrowser(page: page).forms(to: action).first { fields in
      having.allSatisfy { wanted in fields.contains { $0 == (wanted.key, wanted.value) } }
    }
  }

  /// The page's form with the button of this act, and with what tells it from others.
  private func form(ofAct act: String, _ having: [String: String]) throws -> Int {
    try #require(
      page.elements.indices.first { index in
        page.elements[index].name == "form"
          && page.elements.contains {
            $0.name == "button" && $0.attributes["value"] == act && $0.ancestors.contains(index)
          }
          && having.allSatisfy { wanted in
            page.elements.contains {
              $0.attributes["name"] == wanted.key && $0.attributes["value"] == wanted.value
                && $0.ancestors.contains(index)
            }
          }
      }, "no button \(act) on \(path)")
  }

  func ticket(ofAct act: String, _ having: [String: String] = [:]) throws -> String {
    let form = try form(ofAct: act, having)
    return try #require(
      page.elements.first {
        $0.name == "input" && $0.attributes["name"] == "ticket" && $0.ancestors.contains(form)
      }?.attributes["value"])
  }

  /// Presses the button of an act, once or more often, as impatient people do.
  mutating func press(_ act: String, _ having: [String: String] = [:], times: Int = 1) async throws {
    let form = try form(ofAct: act, having)
    let ticket = try ticket(ofAct: act, having)
    let action = try #require(page.elements[form].attributes["action"])
    let fields = [("ticket", ticket), ("act", act)] + having.map { ($0.key, $0.value) }
    for _ in 0..<times { try await post(action, fields) }
  }

  mutating func post(
    _ path: String, _ fields: [(String, String)],
    headers: [String: String] = ["Sec-Fetch-Site": "same-origin"]
  ) async throws {
    let form = fields.map { "\(Self.encoded($0.0))=\(Self.encoded($0.1))" }.joined(separator: "&")
    try await ask(.post, path, form, headers)
  }

  private static func encoded(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
  }

  private mutating func ask(
    _ method: Method, _ target: String, _ form: String, _ more: [String: String] = [:]
  ) async throws {
    var (method, target, form, more) = (method, target, form, more)
    // As many as a browser follows, or a few less.
    for _ in 0..<10 {
      var sent = more
      sent["Host"] = host
      if !cookies.isEmpty { sent["Cookie"] = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ") }
      let answer = await browser.send(method, target, form: form, headers: sent)
      for set in answer.cookies { keep(set) }
      (path, status, headers) = (target, answer.status, answer.headers)
      guard answer.status == 303, let location = answer.headers["Location"] else {
        page = try answer.page
        #expect(page.faults == [], "\(target)")
        return
      }
      (method, target, form, more) = (.get, location, "", [:])
    }
    Issue.record("it goes round in circles at \(target)")
  }

  private mutating func keep(_ set: String) {
    let parts = set.split(separator: ";").map { $0.drop { $0 == " " } }
    guard let equals = parts[0].firstIndex(of: "=") else { return }
    let name = String(parts[0][..<equals])
    cookies[name] = parts.contains("Max-Age=0") ? nil : String(parts[0][parts[0].index(after: equals)...])
  }

  /// What happens when a session ends without its browser: the cookie is there, and good for nothing.
  mutating func forget() { cookies = cookies.filter { $0.key.contains("known") } }

  /// As if its page were open in the browser of another journey.
  mutating func wear(_ other: Journey) { cookies = other.cookies }
}
