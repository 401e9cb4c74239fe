import Administration
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
import People
import QueryLanguage
import Storage
import StorageConformance
import StorageUnderTest
import Synchronization
import Testing
import Threads
import Web
import Webhooks
import Wire

/// The pages over a real store of its own, asked without sockets by a visitor that the test names.
final class TestBrowser: Sendable {
  let handler: DataBrowserHandler
  let deployments: DeploymentRegistry
  let attachments: AttachmentService
  let visits: TestVisits
  let people: People
  let audit: BreakableAudit
  let control: BreakableControl
  let deploymentID: String
  let clock = ManualClock(milliseconds: 1_767_225_600_000)
  let log = QuietPageLog()
  let endpoint = TestEndpoint()
  let webhooks: WebhookEngine
  /// Whether each request takes its time, so that a test is not too fast for one person.
  let isClockMoving = Atomic(true)
  let path: String
  private let place: StoragePlace

  struct Answer {
    var status: Int
    var headers: [String: String]
    var bytes: [UInt8]
    var cookies: [String] = []

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var page: ReadPage { get throws { try ReadPage(bytes) } }
  }

  init(
    schema: String, at directory: String? = nil, secondFactor: PeopleSettings.SecondFactor = .none,
    with change: (inout DataBrowserServices) -> Void = { _ in }
  ) async throws {
    path = directory ?? NSTemporaryDirectory() + "sojourn-pages-\(UUID().uuidString)"
    place = try StoragePlace(in: path)
    let engine = BreakableEngine(try place.engine(clock: clock))
    control = engine.breakable
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
    audit = BreakableAudit(engine.people)
    var foundation = People.Foundation(store: audit, clock: clock, key: .random())
    foundation.cost = .least
    foundation.settings.secondFactor = secondFactor
    people = try People(foundation)
    visits = TestVisits(people)
    var services = DataBrowserServices(
      deployments: deployments, attachments: attachments, visits: visits, people: people,
      spool: SpoolFolder(path: path + "/tmp", memory: SpoolMemory(limit: 64 << 20)), clock: clock, log: log)
    webhooks = try TestEndpoint.engine(deployments, endpoint, services.spool, clock)
    services.administration = Administration(
      deployments: deployments, attachments: attachments, deletions: UnfinishedDeletions(directory: path),
      webhooks: webhooks, people: people)
    change(&services)
    handler = DataBrowserHandler(services)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Runs `body` and closes everything.
  static func run(
    schema: String, secondFactor: PeopleSettings.SecondFactor = .none,
    with change: (inout DataBrowserServices) -> Void = { _ in }, _ body: (TestBrowser) async throws -> Void
  ) async throws {
    let browser = try await TestBrowser(schema: schema, secondFactor: secondFactor, with: change)
    try await body(browser)
    await browser.people.close()
    await browser.deployments.close()
    browser.attachments.close()
  }

  /// Creates objects of the JSON that a batch has: `[{"method":"POST","object":{"type":"flight",…}}]`.
  func batch(_ json: String, as origin: String = "test") async throws {
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
      view: view, origin: origin, session: nil,
      links: AttachmentLinks(base: "", deployment: deploymentID, signature: attachments.signature, at: clock.now))
    guard case .batch(let done, let outcomes) = try await calls.perform(.batch(batch), in: context, admitted: {}) else {
      throw DeploymentFault("a batch was answered as something else")
    }
    #expect(done.operations.compactMap { $0.fault.map { "\($0)" } } == [])
    #expect(!outcomes.contains { $0.isFailure })
  }

  /// `path` begins with `/databrowser` or is below the deployment.
  func send(
    _ method: Method = .get, _ path: String = "", form: String = "", headers: [String: String] = [:],
    scheme: String = "http"
  ) async -> Answer {
    if isClockMoving.load(ordering: .relaxed) { clock.advance(byMilliseconds: 50) }
    let target = path.hasPrefix("/databrowser") ? path : "/databrowser/\(deploymentID)\(path)"
    let parts = target.split(separator: "?", maxSplits: 1)
    var fields = headers.map { (name: $0.key, value: $0.value) }
    if headers["Host"] == nil { fields.append(("Host", "here")) }
    if !form.isEmpty { fields.append(("Content-Type", "application/x-www-form-urlencoded")) }
    let head = RequestHead(
      method: method, rawPath: String(parts[0]), rawQuery: parts.count > 1 ? String(parts[1]) : nil,
      headers: Headers(fields), scheme: scheme, requestID: "test")
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
    switch response.body {
    case .block(let block): bytes = Array(block.bytes)
    case .file(let descriptor, _, let length):
      let answer = RenderedAnswer.file(descriptor, length: length)
      bytes = (try? answer.block()).map { Array($0.bytes) } ?? []
    case .empty, .parts: break
    }
    var answer = Answer(
      status: response.status,
      headers: Dictionary(response.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last }),
      bytes: bytes, cookies: response.headers.filter { $0.name == "Set-Cookie" }.map(\.value))
    // Tests read addresses with brackets, as people write them.
    answer.headers["Location"] = answer.headers["Location"]?.replacing("%5B", with: "[").replacing("%5D", with: "]")
    return answer
  }
}

/// Says who visits: the operator, whom a test names, or whoever a cookie belongs to.
final class TestVisits: VisitSource {
  private let source: PeopleVisits
  private let current = Mutex<Visitor?>(TestVisits.operator)
  private let isReal = Mutex(false)

  init(_ people: People) { source = PeopleVisits(people) }

  func set(_ visitor: Visitor?) { current.withLock { $0 = visitor } }
  /// Cookies count from now on.
  func usePeople() { isReal.withLock { $0 = true } }

  static let `operator`: Visitor = {
    var person = TestVisits.person("0123456789ab", "Anna Muster", "anna@example.org")
    (person.isOperator, person.seesSensitive) = (true, true)
    return TestVisits.visitor(person)
  }()

  static func person(_ id: String, _ name: String, _ email: String) -> PersonRecord {
    PersonRecord(id: PersonID(drawn: Hex.decode(id) ?? []), name: name, email: email, createdAt: .first)
  }

  static func visitor(_ person: PersonRecord) -> Visitor {
    Visitor(
      person, Visitor.SessionView(id: SessionID(drawn: [1, 2, 3, 4, 5, 6]), startedAt: .first, lastUseAt: .first))
  }

  func visitor(of head: RequestHead, _ cookies: CookieScope?) async throws -> Visitor? {
    if isReal.withLock({ $0 }) { return try await source.visitor(of: head, cookies) }
    return current.withLock { $0 }
  }
}

extension TestBrowser {
  func usePeople() { visits.usePeople() }

  /// What a browser says of a form that is sent from a page of ours.
  static let ours = ["Sec-Fetch-Site": "same-origin"]

  /// The ticket of the operator's form that is posted below the deployment.
  func ticket(to path: String) -> String {
    people.ticket(for: "/databrowser/\(deploymentID)\(path)", TestVisits.operator)
  }
}

final class QuietPageLog: PageLog {
  private let kept = Mutex<[String]>([])
  var faults: [String] { kept.withLock { $0 } }
  func request(_ exchange: FinishedExchange) {}
  func fault(_ sentence: String, requestID: String) { kept.withLock { $0.append(sentence) } }
}
