import Crypto
import Glibc
import JSON
import ServerUnderTest
import Synchronization
import Threads
import Wire

/// Clients that upload attachments in each way, change and delete what holds them, and sign devices in, until
/// they are told to stop. They know what was acknowledged.
final class CrateLoad: Sendable {
  static let schema = """
    <data-model>
      <model name="user" label="Crew"><field name="name" label="Name" type="text"/><display>{name}</display></model>
      <model name="crate" label="Crate">
        <field name="number" label="Number" type="integer"/>
        <field name="file" label="File" type="attachment" media="any"/>
        <display>{number}</display>
        <webhook type="update" name="saved"/>
        <webhook type="ready" name="complete"><field name="file" state="uploaded"/></webhook>
      </model>
    </data-model>
    """

  struct Device: Sendable {
    let user: String
    /// What it signs its requests with.
    let headers: [String]
  }

  private struct Notes {
    /// What each crate's file holds, or will hold once it has come.
    var bytes: [String: [UInt8]] = [:]
    var devices: [Device] = []
    var problems: [String] = []
    var deleted = 0
    var rawUploads = 0
  }

  private let notes = Mutex(Notes())
  private let isOver = Atomic(false)
  private let server: ServerUnderTest
  private let threads = Mutex<[OwnThread]>([])

  var bytes: [String: [UInt8]] { notes.withLock { $0.bytes } }
  var devices: [Device] { notes.withLock { $0.devices } }
  var problems: [String] { notes.withLock { $0.problems } }
  var summary: String {
    notes.withLock {
      "\($0.bytes.count) crates (\($0.rawUploads) uploaded raw, \($0.deleted) deleted), \($0.devices.count) devices"
    }
  }

  init(on server: ServerUnderTest) throws {
    self.server = server
    let workers: [@Sendable (CrateLoad) throws -> Void] = [
      { try $0.upload(client: 0) }, { try $0.upload(client: 1) }, { try $0.upload(client: 2) },
      { try $0.signIn() }, { try $0.trickle() },
    ]
    let started = try workers.map { work in
      try OwnThread { [self] in
        do {
          try work(self)
        } catch {
          notes.withLock { $0.problems.append("\(error)") }
        }
      }
    }
    threads.withLock { $0 = started }
  }

  /// Waits until the clients have made so many, however slow the machine is.
  /// - Throws: when they have not within a minute.
  func waitFor(crates: Int) throws {
    for _ in 0..<600 where bytes.count < crates && problems.isEmpty { usleep(100_000) }
    guard bytes.count >= crates else { throw TestFault("only \(summary) within a minute; \(problems)") }
  }

  func stop() {
    isOver.store(true, ordering: .relaxed)
    for thread in threads.withLock({ $0 }) { thread.join() }
  }

  private var goesOn: Bool { !isOver.load(ordering: .relaxed) }

  private func send(
    _ connection: HTTPConnection, _ method: String, _ path: String, _ body: String? = nil
  ) throws -> JSONValue? {
    let answer = try connection.request(
      method, server.base + path,
      headers: [server.bearer] + (body == nil ? [] : ["Content-Type: application/json"]),
      body: body.map { Array($0.utf8) })
    guard answer.status < 300 else { throw TestFault("\(method) \(path): \(answer.status) \(answer.text)") }
    return answer.body.isEmpty ? nil : try answer.json
  }

  /// Inline, raw and then linked, or linked and raw afterwards; every fifth has bytes that others have too.
  private func upload(client: Int) throws {
    let connection = try server.connection()
    var random = SplitMix(seed: UInt64(client))
    var own: [String] = []
    for number in 0..<100_000 where goesOn {
      let bytes = Array(number % 5 == 0 ? "the same for all".utf8 : "client \(client), number \(number)".utf8)
      let id: String?
      func create(_ file: String) throws -> String? {
        let body = "{\"crate\":{\"number\":\(number),\(file)}}"
        return try send(connection, "POST", "/objects/crate.json", body)?["id"]?.string
      }
      func raw(_ method: String, _ path: String) throws -> Answer {
        let answer = try connection.request(method, server.base + path, headers: [server.bearer], body: bytes)
        guard answer.status == 200 else { throw TestFault("\(method) \(path): \(answer.status) \(answer.text)") }
        return answer
      }
      switch number % 4 {
      case 0, 1:
        id = try create("\"file\":{\"base64\":\"\(Base64.encode(bytes))\",\"filename\":\"\(number).bin\"}")
      case 2:
        let file = try raw("POST", "/attachments").json["id"]?.string ?? ""
        id = try create("\"file_id\":\"\(file)\"")
      default:
        let file = "0000000\(client)-0000-4000-8000-\(100_000_000_000 + number)"
        id = try create("\"file_id\":\"\(file)\"")
        // So that some still wait for their bytes whenever a moment is kept.
        usleep(10_000)
        _ = try raw("PUT", "/attachments/\(file)")
      }
      guard let id else { throw TestFault("a crate without an id") }
      own.append(id)
      notes.withLock { notes in
        notes.bytes[id] = bytes
        if number % 4 > 1 { notes.rawUploads += 1 }
      }
      if number % 3 == 2, let other = own.randomElement(using: &random) {
        _ = try send(connection, "PATCH", "/objects/crate/\(other).json", "{\"crate\":{\"number\":\(number + 1)}}")
      }
      if number % 7 == 6 {
        let gone = own.removeFirst()
        _ = try send(connection, "DELETE", "/objects/crate/\(gone).json")
        notes.withLock { $0.deleted += 1 }
      }
      usleep(5000)
    }
  }

  private func signIn() throws {
    let connection = try server.connection()
    for number in 0..<100_000 where goesOn {
      let user = try send(connection, "POST", "/objects/user.json", "{\"user\":{\"name\":\"crew \(number)\"}}")?["id"]?
        .string
      let token = try send(connection, "POST", "/users/\(user ?? "")/authentication-token")?["token"]?.string
      // Each of its own, as each device has its own address.
      let answer = try connection.request(
        "POST", server.base + "/enroll",
        headers: ["Content-Type: application/json", "X-Forwarded-For: 10.0.\(number / 250).\(number % 250)"],
        body: Array("{\"token\":\"\(token ?? "")\",\"device\":{\"id\":\"d\(number)\"}}".utf8))
      guard answer.status == 200 else { throw TestFault("enrol: \(answer.status) \(answer.text)") }
      let pair = try "\(answer.json["enrollment_id"]?.string ?? ""):\(answer.json["auth_token"]?.string ?? "")"
      let headers = [
        "Authorization: Basic \(ServerUnderTest.base64(Array(pair.utf8)))", "Journey-Authentication-Type: Device",
      ]
      notes.withLock { $0.devices.append(Device(user: user ?? "", headers: headers)) }
      usleep(50_000)
    }
  }

  /// An upload that is under way all the time, so that a file without a name lies there.
  private func trickle() throws {
    let piece = [UInt8](repeating: 7, count: 300 << 10)
    while goesOn {
      let connection = try server.connection()
      let pieces = 40
      connection.send(
        Array(
          "POST \(server.base)/attachments HTTP/1.1\r\nHost: localhost\r\n\(server.bearer)\r\nContent-Length: \(piece.count * pieces)\r\n\r\n"
            .utf8))
      for _ in 0..<pieces where goesOn {
        guard connection.send(piece) else { throw TestFault("a long upload was broken off") }
        usleep(15_000)
      }
      guard goesOn else { return }
      let answer = try connection.answer()
      guard answer.status == 200 else { throw TestFault("a long upload: \(answer.status) \(answer.text)") }
    }
  }
}
