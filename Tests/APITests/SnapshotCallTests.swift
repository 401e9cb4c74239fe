import Attachments
import Deployments
import HTTPServer
import QueryLanguage
import Storage
import StorageConformance
import Testing
import Wire

@testable import API
@testable import Objects

/// How often a reading asks its snapshot: over a network each call is a round trip.
@Suite("Calls of a snapshot")
struct SnapshotCallTests {
  private static let schema = """
    <data-model>
      <model name="maker" label="Maker">
        <field name="name" label="Name" type="text"/>
        <display>{name}</display>
      </model>
      <model name="plane" label="Plane">
        <field name="tail" label="Tail" type="text"/>
        <belongs-to model="maker"/>
        <display>{maker} {tail}</display>
      </model>
      <model name="airline" label="Airline">
        <field name="carrier" label="Carrier" type="text"/>
        <display>{carrier}</display>
      </model>
      <model name="flight" label="Flight">
        <field name="number" label="Number" type="integer"/>
        <field name="pass" label="Pass" type="attachment" media="application/pdf"/>
        <belongs-to model="airline"/>
        <belongs-to model="plane"/>
        <display>{airline} {plane} {number}</display>
      </model>
    </data-model>
    """

  private static func id(_ number: Int) -> String { "0000000\(number)-0000-4000-8000-000000000000" }

  /// A maker 1, a plane 2, an airline 3, and flights 4 to 8.
  private static func fill(_ api: TestAPI) async {
    var objects = [
      #""type":"maker","id":"\#(id(1))","name":"M""#,
      #""type":"plane","id":"\#(id(2))","tail":"T","maker_id":"\#(id(1))""#,
      #""type":"airline","id":"\#(id(3))","carrier":"A""#,
    ]
    for number in 4...8 {
      objects.append(
        #""type":"flight","id":"\#(id(number))","number":\#(number),"airline_id":"\#(id(3))","plane_id":"\#(id(2))""#)
    }
    let operations = objects.map { #"{"method":"put","object":{\#($0)}}"# }.joined(separator: ",")
    let answer = await api.send(.post, "batch.json", #"{"operations":[\#(operations)]}"#)
    #expect(answer.status == 200, "\(answer.text)")
  }

  /// What the deployment's snapshots are asked for.
  private struct Asked {
    let calls: ObjectCalls
    let context: ObjectContext
    let flight: ModelView

    init(_ api: TestAPI) throws {
      let deployment = try api.deployments.deployment(api.deploymentID)
      let memory = SpoolMemory(limit: 1 << 20)
      calls = ObjectCalls(store: deployment.store, spool: SpoolFolder(path: "/tmp", memory: memory), blobs: nil)
      let links = AttachmentLinks(
        base: "https://x", deployment: deployment.id, signature: api.attachments.signature, at: api.clock.now)
      context = ObjectContext(view: calls.view, origin: "test", session: nil, links: links)
      flight = try #require(context.view["flight"])
    }

    func get(_ number: Int, include: String = "") async throws -> [String] {
      let includes = try Includes(try IncludePaths(include), of: flight, in: context.view)
      let id = try #require(ObjectID(SnapshotCallTests.id(number)))
      return try await calls.store.read { [self] snapshot in
        let counting = CountingSnapshot(snapshot)
        let answer = try calls.object(flight, id, including: includes, in: context, to: JSONSink(), from: counting)
        #expect(answer != nil)
        return counting.calls
      }
    }

    func feed(models: [String]? = nil) async throws -> [String] {
      var query = FeedQuery()
      query.models = models
      let feed = Feed(calls, appID: "a", clock: ManualClock(milliseconds: 1_767_225_600_000), links: context.links)
      return try await calls.store.read { [self, query] snapshot in
        let counting = CountingSnapshot(snapshot)
        _ = try feed.page(query, examined: OplogPlan.mostExamined, under: context.view, from: counting)
        return counting.calls
      }
    }

    func count(_ query: String) async throws -> [String] {
      let predicate = try Filters(on: flight.stored).predicate(from: try QueryPairs(query))
      return try await calls.store.read { [self] snapshot in
        let counting = CountingSnapshot(snapshot)
        _ = try calls.count(flight, predicate, from: counting)
        return counting.calls
      }
    }

    func list(_ query: String) async throws -> [String] {
      let list = try ListQuery(try QueryPairs(query), on: flight, in: context.view, totalByDefault: true)
      return try await calls.store.read { [self] snapshot in
        let counting = CountingSnapshot(snapshot)
        _ = try calls.list(flight, list, in: context, to: JSONSink(), from: counting)
        return counting.calls
      }
    }
  }

  @Test("an object costs one where its related objects are remembered, and else one more for each level")
  func object() async throws {
    try await TestAPI.run(schema: Self.schema) { api in
      await Self.fill(api)
      let asked = try Asked(api)
      // Airline and plane are one level, the plane's maker is the next.
      #expect(try await asked.get(4) == ["object", "fetch", "fetch"])
      #expect(try await asked.get(4) == ["object"])
      #expect(try await asked.get(5) == ["object"])
      // A write to the maker: only its level is asked for.
      _ = await api.send(.patch, "objects/maker/\(Self.id(1))", #"{"maker":{"name":"N"}}"#)
      #expect(try await asked.get(4) == ["object", "fetch"])
      #expect(try await asked.get(4) == ["object"])
    }
  }

  @Test("attachments come with the first level")
  func attachments() async throws {
    try await TestAPI.run(schema: Self.schema) { api in
      await Self.fill(api)
      let sent = await api.send(
        .patch, "objects/flight/\(Self.id(4))", #"{"flight":{"pass":{"base64":"JVBERi0xLjQK","filename":"a.pdf"}}}"#)
      #expect(sent.status == 200, "\(sent.text)")
      let asked = try Asked(api)
      #expect(try await asked.get(4) == ["object", "fetch", "fetch"])
      #expect(try await asked.get(4) == ["object", "fetch"])
    }
  }

  @Test("a list costs one with its total, and else one more for each level")
  func list() async throws {
    try await TestAPI.run(schema: Self.schema) { api in
      await Self.fill(api)
      let asked = try Asked(api)
      #expect(try await asked.list("limit=2&q[number.gt]=4") == ["list", "fetch", "fetch"])
      #expect(try await asked.list("limit=2&q[number.gt]=4") == ["list"])
      #expect(try await asked.list("limit=2&sort[number]=-1") == ["list"])
    }
  }

  @Test("the embedded objects of a level come in one, whatever their models")
  func embedded() async throws {
    try await TestAPI.run(schema: Self.schema) { api in
      await Self.fill(api)
      let asked = try Asked(api)
      // Airline and plane, embedded and for the flight's display; then the maker, embedded and for both displays.
      #expect(try await asked.get(4, include: "airline,plane.maker") == ["object", "fetch", "fetch"])
      #expect(try await asked.get(4, include: "airline,plane.maker") == ["object", "fetch", "fetch"])
      #expect(try await asked.list("include=airline,plane") == ["list", "fetch"])
    }
  }

  @Test("displays come with the embedded objects that are as far away, and attachments with those of their level")
  func embeddedDisplays() async throws {
    try await TestAPI.run(schema: Self.schema) { api in
      await Self.fill(api)
      let sent = await api.send(
        .patch, "objects/flight/\(Self.id(4))", #"{"flight":{"pass":{"base64":"JVBERi0xLjQK","filename":"a.pdf"}}}"#)
      #expect(sent.status == 200, "\(sent.text)")
      let asked = try Asked(api)
      // The plane's maker is for displays alone, two levels away.
      #expect(try await asked.list("include=plane") == ["list", "fetch", "fetch"])
      #expect(try await asked.list("include=plane") == ["list", "fetch"])
      #expect(try await asked.get(4, include: "airline") == ["object", "fetch"])
    }
  }

  @Test("a count costs one, with the sequence that its answer names")
  func count() async throws {
    try await TestAPI.run(schema: Self.schema) { api in
      await Self.fill(api)
      let asked = try Asked(api)
      #expect(try await asked.count("") == ["list"])
      #expect(try await asked.count("q[number.gt]=4") == ["list"])
    }
  }

  @Test("a page of the feed costs two, one more for each level whatever the models, and one for names that are needed")
  func feed() async throws {
    try await TestAPI.run(schema: Self.schema) { api in
      await Self.fill(api)
      let asked = try Asked(api)
      // The maker of the plane that was written comes with airline and plane of the flights: the maker of theirs is the
      // same.
      #expect(try await asked.feed().filter { $0 != "stateVersion" } == ["oplogBounds", "oplog", "fetch"])
      #expect(try await asked.feed().filter { $0 != "stateVersion" } == ["oplogBounds", "oplog"])
      let named = try await asked.feed(models: ["plane", "maker"]).filter { $0 != "stateVersion" }
      #expect(named == ["oplogBounds", "modelNames", "oplog"])
      // Maker and plane are no models any more, and still have entries.
      _ = try await api.deployments.deploy(
        try #require(TestAPI.model(Self.smallerSchema)), to: api.deploymentID, by: nil)
      #expect(try await Asked(api).feed() == ["oplogBounds", "oplog", "modelNames"])
    }
  }

  private static let smallerSchema = """
    <data-model>
      <model name="airline" label="Airline">
        <field name="carrier" label="Carrier" type="text"/>
        <display>{carrier}</display>
      </model>
      <model name="flight" label="Flight">
        <field name="number" label="Number" type="integer"/>
        <display>{number}</display>
      </model>
    </data-model>
    """

  @Test("a page of users costs two, with its total")
  func users() async throws {
    try await TestAPI.run(schema: TestAPI.crewSchema) { api in
      await api.makeUsers([1, 2, 3])
      let deployment = try api.deployments.deployment(api.deploymentID)
      let users = AppUsers(deployment, clock: api.clock)
      let model = try #require(AppUsers.model(of: deployment, in: deployment.store.dataModel))
      let page = UserPage(model: model, bounds: try PageBounds(from: try QueryPairs("limit=2")), users: users)
      let folder = SpoolFolder(path: "/tmp", memory: SpoolMemory(limit: 1 << 20))
      let calls = try await deployment.store.read { snapshot in
        let counting = CountingSnapshot(snapshot)
        _ = try page.read(from: counting, on: folder)
        return counting.calls
      }
      #expect(calls == ["list", "users"])
    }
  }
}
