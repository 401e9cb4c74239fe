import Attachments
import Crypto
import DataBrowser
import DataModel
import Deployments
import Foundation
import HTTPServer
import JSON
import Objects
import PageReading
import QueryLanguage
import Storage
import StorageSQLite
import Synchronization
import Testing
import Threads
import Wire

/// The pages over a real store in a directory of its own, asked without sockets by a visitor that the test names.
final class TestBrowser: Sendable {
  let handler: DataBrowserHandler
  let deployments: DeploymentRegistry
  let attachments: AttachmentService
  let visits = TestVisits()
  let deploymentID: String
  let clock = ManualClock(milliseconds: 1_767_225_600_000)
  let log = QuietPageLog()
  let path: String

  struct Answer {
    var status: Int
    var headers: [String: String]
    var bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var page: ReadPage { get throws { try ReadPage(bytes) } }
  }

  init(schema: String, at directory: String? = nil) async throws {
    path = directory ?? NSTemporaryDirectory() + "sojourn-pages-\(UUID().uuidString)"
    let engine = try SQLiteEngine(try DataDirectory(path), clock: clock, options: .init())
    deployments = try await DeploymentRegistry(engine: engine, clock: clock)
    guard let model = DataModelReader.read(Array(schema.utf8)).model else {
      throw DeploymentFault("the test's own data model is wrong")
    }
    deploymentID = try await deployments.create(.init(name: "test", environment: "testing", model: model)).deployment.id
    let threads = try BlockingThreads(count: 2)
    attachments = AttachmentService(
      engine: try LocalBlobEngine(directory: path + "/blobs", threads: threads), key: [1, 2, 3],
      variants: try PictureVariants(
        directory: path + "/variants", job: PictureJob(program: "/nowhere"), clock: clock, threads: threads),
      threads: threads)
    handler = DataBrowserHandler(
      DataBrowserServices(
        deployments: deployments, attachments: attachments, visits: visits,
        spool: SpoolFolder(path: path + "/tmp", memory: SpoolMemory(limit: 64 << 20)), clock: clock, log: log))
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Runs `body` and closes everything.
  static func run(schema: String, _ body: (TestBrowser) async throws -> Void) async throws {
    let browser = try await TestBrowser(schema: schema)
    try await body(browser)
    await browser.deployments.close()
    browser.attachments.close()
  }

  /// Creates objects of the JSON that a batch has: `[{"method":"POST","object":{"type":"flight",…}}]`.
  func batch(_ json: String) async throws {
    let deployment = try deployments.deployment(deploymentID)
    let calls = ObjectCalls(
      store: deployment.store, spool: SpoolFolder(path: path + "/tmp", memory: SpoolMemory(limit: 64 << 20)),
      blobs: try deployment.blobs(in: attachments))
    let view = calls.view
    let batch = try Batch(try JSONDocument.read(json), under: view) {
      var random = SystemRandomNumberGenerator()
      return .inOrder(atMilliseconds: self.clock.milliseconds(), using: &random)
    }
    let context = ObjectContext(
      view: view, origin: "test", session: nil,
      links: AttachmentLinks(base: "", deployment: deploymentID, signature: attachments.signature, at: clock.now))
    guard case .batch(let done, let outcomes) = try await calls.perform(.batch(batch), in: context, admitted: {}) else {
      throw DeploymentFault("a batch was answered as something else")
    }
    #expect(done.operations.compactMap { $0.fault.map { "\($0)" } } == [])
    #expect(!outcomes.contains { $0.isFailure })
  }

  /// `path` begins with `/databrowser` or is below the deployment.
  func send(
    _ method: Method = .get, _ path: String = "", form: String = "", headers: [String: String] = [:]
  ) async -> Answer {
    let target = path.hasPrefix("/databrowser") ? path : "/databrowser/\(deploymentID)\(path)"
    let parts = target.split(separator: "?", maxSplits: 1)
    var fields = headers.map { (name: $0.key, value: $0.value) }
    fields.append(("Host", "here"))
    if !form.isEmpty { fields.append(("Content-Type", "application/x-www-form-urlencoded")) }
    let head = RequestHead(
      method: method, rawPath: String(parts[0]), rawQuery: parts.count > 1 ? String(parts[1]) : nil,
      headers: Headers(fields), requestID: "test")
    switch handler.verdict(on: head) {
    case .answer(let response): return Self.answer(response)
    case .read(let respond):
      let block = ByteBlock(Array(form.utf8) + [UInt8](repeating: 0, count: RequestBody.padding))
      let body = RequestBody(
        bytes: UnsafeRawBufferPointer(rebasing: block.bytes.prefix(form.utf8.count)),
        release: { withExtendedLifetime(block) {} })
      return Self.answer(await respond(body))
    case .stream: return Answer(status: 0, headers: [:], bytes: [])
    }
  }

  private static func answer(_ response: Response) -> Answer {
    var bytes: [UInt8] = []
    if case .block(let block) = response.body { bytes = Array(block.bytes) }
    return Answer(
      status: response.status,
      headers: Dictionary(response.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last }),
      bytes: bytes)
  }
}

/// Says who visits.
final class TestVisits: VisitSource {
  private let current = Mutex<Visitor?>(TestVisits.operator)

  func set(_ visitor: Visitor?) { current.withLock { $0 = visitor } }

  static let `operator` = Visitor(
    personID: "0123456789ab", name: "Anna Muster", email: "anna@example.org", isOperator: true, seesSensitive: true)

  func visitor(of head: RequestHead, at now: Instant) async -> Visitor? { current.withLock { $0 } }

  func ticket(for visitor: Visitor, to route: Route, at now: Instant) -> String {
    "ticket of \(visitor.personID) for \(route.kind)"
  }

  func accepts(_ head: RequestHead, ticket: String?, of visitor: Visitor, to route: Route, at now: Instant) -> Bool {
    ticket == self.ticket(for: visitor, to: route, at: now)
  }
}

final class QuietPageLog: PageLog {
  private let kept = Mutex<[String]>([])
  var faults: [String] { kept.withLock { $0 } }
  func request(_ exchange: FinishedExchange) {}
  func fault(_ sentence: String, requestID: String) { kept.withLock { $0.append(sentence) } }
}
