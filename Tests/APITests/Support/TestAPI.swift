import API
import Attachments
import Crypto
import DataModel
import Deployments
import Foundation
import HTTPServer
import JSON
import Objects
import Storage
import StorageUnderTest
import Synchronization
import Threads
import Wire

/// The API over a real store of its own, asked without sockets.
final class TestAPI: Sendable {
  let sites: Sites
  let deployments: DeploymentRegistry
  let attachments: AttachmentService
  let deploymentID: String
  let password: String
  let clock = ManualClock(milliseconds: 1_767_225_600_000)
  let log = QuietLog()
  let path: String
  private let place: StoragePlace

  struct Answer {
    var status: Int
    var headers: [String: String]
    var text: String

    var json: JSONValue? { try? JSONDocument.read(text).root }
    var type: String? { json?["type"]?.string }
    var detail: String { json?["detail"]?.string ?? "" }
  }

  /// - Parameter engine: may put something in front of the engine.
  init(
    schema: String = TestAPI.schema, on storage: TestStorage = .chosen, options: StoragePlace.Options = .init(),
    blobs: (any BlobEngine)? = nil, engine before: (any StorageEngine) -> any StorageEngine = { $0 }
  ) async throws {
    path = NSTemporaryDirectory() + "sojourn-api-\(UUID().uuidString)"
    place = try StoragePlace(storage, in: path)
    let engine = before(try place.engine(clock: clock, options: options))
    deployments = try await DeploymentRegistry(engine: engine, clock: clock)
    guard let model = Self.model(schema) else {
      throw DeploymentFault("the test's own data model is wrong")
    }
    let made = try await deployments.create(.init(name: "test", environment: "testing", model: model))
    deploymentID = made.deployment.id
    password = made.password
    let threads = try BlockingThreads(count: 2)
    attachments = AttachmentService(
      engine: try blobs ?? LocalBlobEngine(directory: path + "/blobs", threads: threads), key: [1, 2, 3],
      variants: try PictureVariants(
        directory: path + "/variants", job: PictureJob(program: "/nowhere"), clock: clock, threads: threads),
      threads: threads)
    sites = Sites(
      APIServices(
        deployments: deployments, attachments: attachments,
        spool: SpoolFolder(path: path + "/tmp", memory: SpoolMemory(limit: 64 << 20)), clock: clock, log: log))
  }

  /// The bytes of the deployment's attachments.
  var blobs: DeploymentBlobs {
    get throws { try deployments.deployment(deploymentID).blobs(in: attachments) }
  }

  static func model(_ schema: String) -> DataModel? { DataModelReader.read(Array(schema.utf8)).model }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Runs `body` and closes everything.
  static func run(schema: String = TestAPI.schema, _ body: (TestAPI) async throws -> Void) async throws {
    let api = try await TestAPI(schema: schema)
    try await body(api)
    await api.deployments.close()
    api.attachments.close()
  }

  var basic: String { "Basic " + Base64.encode(Array("\(deploymentID):\(password)".utf8)) }

  /// `path` is relative to the deployment where it does not begin with `/`. A body is JSON unless
  /// `headers` say otherwise; `authorization` nil sends none.
  func send(
    _ method: Method, _ path: String, _ body: String = "", headers: [String: String] = [:],
    authorization: String?? = .none
  ) async -> Answer {
    await send(method, path, bytes: Array(body.utf8), headers: headers, authorization: authorization)
  }

  func send(
    _ method: Method, _ path: String, bytes: [UInt8], headers: [String: String] = [:],
    authorization: String?? = .none
  ) async -> Answer {
    await begin(method, path, bytes: bytes, headers: headers, authorization: authorization)()
  }

  /// The head of a request is judged now; what is returned gives it its body and is the rest.
  func begin(
    _ method: Method, _ path: String, bytes: [UInt8], headers: [String: String] = [:],
    authorization: String?? = .none
  ) -> @Sendable () async -> Answer {
    var fields = headers.map { (name: $0.key, value: $0.value) }
    if !headers.keys.contains("Content-Type"), !bytes.isEmpty {
      fields.append(("Content-Type", "application/json"))
    }
    switch authorization {
    case .none: fields.append(("Authorization", basic))
    case .some(let given?): fields.append(("Authorization", given))
    case .some(nil): break
    }
    let target = path.hasPrefix("/") ? path : "/api/v4/\(deploymentID)/\(path)"
    let parts = target.split(separator: "?", maxSplits: 1)
    var head = RequestHead(
      method: method, rawPath: String(parts[0]), rawQuery: parts.count > 1 ? String(parts[1]) : nil,
      headers: Headers(fields), requestID: "test", hasBody: !bytes.isEmpty)
    let handler = sites.site(at: head.rawPath).handler
    handler.prepare(&head)
    switch handler.verdict(on: head) {
    case .answer(let response): return { Self.answer(response) }
    case .read(let respond):
      return {
        // What simdjson may read behind the body.
        let padded = ByteBlock(bytes + [UInt8](repeating: 0, count: RequestBody.padding))
        let body = RequestBody(
          bytes: UnsafeRawBufferPointer(rebasing: padded.bytes.prefix(bytes.count)),
          release: { withExtendedLifetime(padded) {} })
        return Self.answer(await respond(body))
      }
    case .stream(let receiver):
      return {
        let block = ByteBlock(bytes)
        let body = RequestBody(bytes: block.bytes, release: { withExtendedLifetime(block) {} })
        if !bytes.isEmpty, let early = await receiver.receive(body) { return Self.answer(early) }
        return Self.answer(await receiver.finish())
      }
    }
  }

  private static func answer(_ response: Response) -> Answer {
    var text = ""
    switch response.body {
    case .empty: break
    case .block(let block): text = String(decoding: block.bytes, as: UTF8.self)
    case .file(let file, let offset, let length):
      var bytes = [UInt8](repeating: 0, count: length)
      let count = pread(file.number, &bytes, length, off_t(offset))
      text = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    case .parts(let file, let parts):
      for part in parts {
        switch part {
        case .text(let words): text += words
        case .range(let range):
          var bytes = [UInt8](repeating: 0, count: range.count)
          let count = pread(file.number, &bytes, range.count, off_t(range.lowerBound))
          text += String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
        }
      }
    }
    let headers = Dictionary(
      response.fields.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { $0 + ", " + $1 })
    return Answer(status: response.status, headers: headers, text: text)
  }

  static let schema = """
    <data-model>
      <model name="airline" label="Airline">
        <field name="carrier" label="Carrier" type="text"/>
        <has-many model="flight" name="flights"/>
        <display>{carrier}</display>
      </model>
      <model name="flight" label="Flight">
        <field name="title" label="Title" type="text"/>
        <field name="number" label="Number" type="integer"/>
        <field name="distance" label="Distance" type="number"/>
        <field name="day" label="Day" type="date"/>
        <field name="departure" label="Departure" type="datetime"/>
        <field name="diverted" label="Diverted" type="boolean"/>
        <field name="status" label="Status" type="single-choice">
          <option key="landed">Landed</option><option key="late">Late</option></field>
        <field name="level" label="Level" type="single-choice-integer">
          <option key="1">One</option><option key="3">Three</option></field>
        <field name="tags" label="Tags" type="multiple-choice">
          <option key="a">A</option><option key="b">B</option><option key="c">C</option></field>
        <field name="codes" label="Codes" type="multiple-choice-integer">
          <option key="1">One</option><option key="2">Two</option></field>
        <field name="position" label="Position" type="location"/>
        <field name="pass" label="Pass" type="attachment" media="application/pdf"/>
        <field name="route" label="Route" type="track"/>
        <belongs-to model="airline"/>
        <belongs-to model="flight" name="previous"/>
        <display>{airline} {number}</display>
        <index on="airline,-departure"/>
      </model>
    </data-model>
    """
}

/// A log that keeps the warnings it was told.
final class QuietLog: APILog {
  private let kept = Mutex<[String]>([])
  var warnings: [String] { kept.withLock { $0 } }

  func fault(_ reason: String, requestID: String) {}
  func warning(_ message: String, requestID: String) { kept.withLock { $0.append(message) } }
  func request(_ exchange: FinishedExchange) {}
}
