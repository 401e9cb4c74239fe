import Foundation
import Glibc
import JSON
import PageReading
import ServerUnderTest
import Synchronization
import Testing
import Threads
import Wire

/// A server that is killed while a form of its pages is saved.
@Suite("A form of the pages that is cut off", .serialized)
struct FormKillTests {
  private static let schema = """
    <data-model><model name="crate" label="Crate"><field name="text" label="Text" type="text"/>
    <field name="file" label="File" type="attachment" media="any"/><display>{text}</display></model></data-model>
    """
  private static let file = [UInt8](repeating: 7, count: 400_000)

  private enum Kind: CaseIterable { case new, edit, file, delete }

  /// A form as it was opened, with what was typed, and the object that it is about.
  private struct Save: Sendable {
    let kind: Kind
    let path: String
    let fields: [(String, String)]
    let id: String
    let text: String
  }

  private let server: ServerUnderTest
  private let session: String
  private var models: String { "/databrowser/\(server.id)/models/crate" }

  init() throws {
    server = try ServerUnderTest(schema: Self.schema, arguments: ["--second-factor", "none"])
    session = try server.firstOperator().session
  }

  private func open(_ kind: Kind, _ number: Int) throws -> Save {
    let text = "after \(number)"
    var (id, path) = ("", "\(models)/new")
    if kind != .new {
      let made = try server.json("POST", "/objects/crate.json", "{\"crate\":{\"text\":\"before \(number)\"}}")
      id = try #require(try made.json["id"]?.string)
      path = "\(models)/\(id)/\(kind == .delete ? "delete" : "edit")"
    }
    let fields = try server.fields(of: path, cookie: session)
    if kind == .new { id = try #require(fields.first { $0.0 == "id" }).1 }
    let typed = kind == .delete ? [] : [("v[text]", text), ("do", "save")]
    return Save(kind: kind, path: path, fields: PageForms.typed(typed, into: fields), id: id, text: text)
  }

  private func send(_ save: Save) throws -> Answer {
    guard save.kind == .file else { return try server.post(save.path, save.fields, cookie: session) }
    return try server.connection().request(
      "POST", save.path, headers: PageForms.headersWithFiles + ["Cookie: \(session)"],
      body: PageForms.body(save.fields, file: Self.file, for: "file"))
  }

  /// Whether it was done, as the API tells; half of it is a failure.
  private func isDone(_ save: Save) throws -> Bool {
    let answer = try server.json("GET", "/objects/crate/\(save.id).json")
    if answer.status == 404 { return save.kind == .delete }
    let object = try answer.json
    let isText = object["text"]?.string == save.text
    if save.kind == .file { #expect(isText == (object["file_id"]?.string != nil), "half of it is there") }
    return isText
  }

  /// How often it was done, as the oplog tells.
  private func times(_ save: Save) throws -> Int {
    let entries = try server.json("GET", "/oplog.json?limit=1000").json["entries"]?.elements.map { $0 } ?? []
    return entries.count { entry in
      guard entry["object"]?["id"]?.string == save.id else { return false }
      if save.kind == .delete { return entry["operation"]?.string == "delete" }
      return entry["object"]?["text"]?.string == save.text
    }
  }

  /// Sends the form as it was once more, and looks at what its page says.
  private func again(_ save: Save) throws {
    let answer = try send(save)
    switch answer.status {
    case 303:
      let page = try server.get(try #require(answer[header: "location"]), cookie: session)
      #expect(page.status == 200)
      #expect(page.text.contains(save.text) == (save.kind != .delete), "\(save.kind)")
    case 404:
      #expect(save.kind == .delete && answer.text.contains("There is no"))
    case 409:
      // The first one was cut off, and nobody knows how far it had come: the page that it was sent from does.
      #expect(save.kind == .delete && answer.text.contains("it was done or it was not"))
      #expect(!answer.text.contains("Nothing was changed"))
      if try isDone(save) { return #expect(try server.get(save.path, cookie: session).status == 404) }
      let fields = try server.fields(of: save.path, cookie: session)
      #expect(try server.post(save.path, fields, cookie: session).status == 303)
    default: Issue.record("\(save.kind): \(answer.status) \(answer.text.suffix(1500))")
    }
  }

  @Test("is stored once or not at all, and sent once more it is stored once")
  func killed() throws {
    let rounds = ProcessInfo.processInfo.environment["SOJOURN_FORM_KILLS"].flatMap(Int.init) ?? 32
    var random = SplitMix(seed: 7)
    // Of a save that is left alone; what the kills aim at.
    var lengths: [Kind: Double] = [:]
    for (number, kind) in Kind.allCases.enumerated() {
      let save = try open(kind, number)
      let begin = ContinuousClock.now
      #expect(try send(save).status == 303)
      let time = ContinuousClock.now - begin
      lengths[kind] = Double(time.components.attoseconds) / 1e12 + Double(time.components.seconds) * 1e6
      #expect(try isDone(save))
      try again(save)
      #expect(try times(save) == 1)
    }
    var stored = 0
    for round in 0..<rounds {
      let kind = Kind.allCases[round % Kind.allCases.count]
      let save = try open(kind, 100 + round)
      let answer = Mutex<Int?>(nil)
      let sending = try OwnThread {
        let status = try? send(save).status
        answer.withLock { $0 = status }
      }
      usleep(UInt32((lengths[kind] ?? 0) * Double.random(in: 0...1.3, using: &random)))
      server.kill()
      sending.join()
      try server.start()
      let isStored = try isDone(save)
      if answer.withLock({ $0 }) == 303 { #expect(isStored, "what was answered is gone, round \(round)") }
      #expect(try times(save) == (isStored ? 1 : 0), "round \(round)")
      try again(save)
      #expect(try isDone(save), "\(kind), round \(round)")
      #expect(try times(save) == 1, "\(kind), round \(round)")
      stored += isStored ? 1 : 0
    }
    // Some of each, or the moments were chosen badly.
    #expect(stored > 0 && stored < rounds || rounds < 20)
    #expect(try server.command("audit", "verify").exitCode == 0)
    print("Kills while a form was saved: \(rounds), of which \(stored) came after the commit.")
  }
}
