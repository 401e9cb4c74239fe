import PageReading
import Testing
import Web
import Wire

/// Forms: drawn, read, drawn again.
@Suite struct FormTests {
  static let fields = [
    FormField("email", "E-mail", .email), FormField("password", "Password", .password, hint: "The one of this server."),
    FormField("note", "Note", .paragraph, isRequired: false, most: 20),
    FormField("role", "Role", .choice([.init("viewer", "Viewer"), .init("editor", "Editor")])),
    FormField("zone", "Zone", .choice((0..<9).map { .init("z\($0)", "Zone \($0)") }), isRequired: false),
    FormField("stay", "Stay signed in", .truth, isRequired: false), FormField("next", "", .hidden, isRequired: false),
  ]

  static func page(_ form: Form, userName: String? = nil) throws -> ReadPage {
    let document = Document(
      title: "T", style: LocalAddress(["databrowser"]), icon: LocalAddress(["databrowser"]), modules: [])
    let block = document.bytes(
      around: mainPart {
        h1 { "T" }
        form.summary
        form.html(to: LocalAddress(["databrowser", "x"]), ticket: "t", userName: userName, submit: "Go")
      })
    return try ReadPage(withExtendedLifetime(block) { Array(block.bytes) })
  }

  static func sent(_ pairs: [(String, String)]) throws -> FormContainer {
    try FormContainer(QueryPairs(pairs: pairs.map { .init(path: [$0.0], value: $0.1) }))
  }

  @Test func drawnReadAndDrawnAgainItIsTheSame() throws {
    var form = Form(Self.fields)
    let answers = [
      ("email", "a\"<b>@example.org"), ("password", "secret"), ("note", "x\r\ny"), ("role", "editor"), ("zone", "z8"),
      ("stay", "true"), ("next", "/databrowser"), ("other", "left out"),
    ]
    form.read(try Self.sent(answers))
    #expect(form.isGood)
    let page = try Self.page(form)
    #expect(page.faults == [])
    #expect(page.all("form").first.map { $0.attributes["action"] } == "/databrowser/x")
    #expect(page.all("input").first?.attributes["name"] == "ticket")
    #expect(page.element(withID: "field-email")?.attributes["value"] == "a\"<b>@example.org")
    #expect(page.element(withID: "field-password")?.attributes["value"] == "")
    #expect(page.element(withID: "field-note")?.text == "\nx\r\ny")
    #expect(
      page.all("input").filter { $0.attributes["checked"] != nil }.map { $0.attributes["value"] } == ["editor", "true"])
    #expect(page.all("option").filter { $0.attributes["selected"] != nil }.map { $0.attributes["value"] } == ["z8"])
    var again = Form(Self.fields)
    again.read(try Self.sent(answers))
    #expect(try Self.page(again).text == page.text)
  }

  @Test func theUserNameIsThereForPasswordManagersAndNotSent() throws {
    let page = try Self.page(Form([FormField("password", "Password", .password)]), userName: "ada@example.org")
    #expect(page.faults == [])
    let input = try #require(page.all("input").first { $0.attributes["autocomplete"] == "username" })
    #expect(input.attributes["value"] == "ada@example.org" && input.attributes["name"] == nil)
  }

  @Test func whatIsWrongStandsAtItsField() throws {
    var form = Form(Self.fields)
    form.read(try Self.sent([("note", String(repeating: "x", count: 21)), ("role", "king"), ("stay", "maybe")]))
    form.refuse("password", "It does not fit.")
    #expect(form.fault(of: "email") == "E-mail is needed.")
    #expect(form.fault(of: "password") == "Password is needed.")
    #expect(form.fault(of: "note") == "Note takes at most 20 bytes; this has 21.")
    #expect(form.fault(of: "role") != nil && form.fault(of: "stay") != nil)
    let page = try Self.page(form)
    #expect(page.faults == [])
    #expect(page.all("a").count == 5)
    #expect(page.element(withID: "field-email")?.attributes["aria-invalid"] == "true")
  }
}
