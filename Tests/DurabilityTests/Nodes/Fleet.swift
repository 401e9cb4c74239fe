import Glibc
import PostgresUnderTest
import ServerUnderTest
import Storage

/// Several real servers on one database of a PostgreSQL of their own, with one deployment, and the database past them.
final class Fleet: Sendable {
  let cluster: PostgresCluster
  let database: PostgresDatabase
  let nodes: [ServerUnderTest]
  let truth: DatabaseTruth

  /// How a node is started, beside the usual.
  struct Start {
    /// The database's address; nil is its own.
    var storage: String?
    var environment: [String] = []
  }

  /// - Parameters:
  ///   - cluster: one that is kept; nil is one that ends with the fleet.
  ///   - start: for the nodes behind the first, which like commands goes straight to the database.
  init(
    nodes count: Int = 3, in cluster: PostgresCluster? = nil, schema: String = Server.schema, arguments: [String] = [],
    start: (Int, PostgresDatabase) throws -> Start = { _, _ in Start() }
  ) throws {
    self.cluster = try cluster ?? PostgresCluster()
    isOwnCluster = cluster == nil
    let database = try self.cluster.database()
    self.database = database
    let first = try ServerUnderTest(schema: schema, storage: database.address, arguments: arguments)
    nodes =
      [first]
      + (try (1..<max(count, 1)).map { index in
        let start = try start(index, database)
        return try first.node(storage: start.storage, environment: start.environment)
      })
    truth = try DatabaseTruth(database, deployment: first.id)
  }

  private let isOwnCluster: Bool

  deinit {
    for node in nodes { node.kill() }
    if isOwnCluster { try? cluster.stop(SIGQUIT) }
  }

  var sites: [Site] { nodes.map(\.site) }

  /// What the database and every node say, held against what clients know.
  /// - Parameter authors: afterwards they know what became of requests without an answer.
  func findings(_ authors: inout [Author]) throws -> [String] {
    let objects = try truth.objects()
    var findings = authors.indices.flatMap { authors[$0].findings(in: objects) }
    if objects.count != authors.reduce(0, { $0 + $1.live.count }) {
      findings.append("\(objects.count) objects, of which clients know \(authors.reduce(0) { $0 + $1.live.count })")
    }
    for (index, site) in sites.enumerated() where try Self.patiently({ try site.objects() }) != objects {
      findings.append("node \(index) does not show what the database has")
    }
    return findings + (try truth.findings())
  }

  /// The same after an end of `load`, with what went wrong meanwhile.
  func findings(after end: Load.End, _ authors: inout [Author]) throws -> [String] {
    authors = end.authors
    return try end.problems + findings(&authors)
  }

  /// All that was acknowledged is in the oplog, and each change once.
  func oplogFindings(_ authors: [Author]) throws -> [String] {
    OplogFindings.of(try truth.entries(), authors: authors)
  }

  /// Load of six authors on all nodes.
  func load(_ authors: [Author], pause: UInt32 = 0) throws -> Load {
    try Load(authors, on: sites, pause: pause) { [truth] in try truth.objects(of: $0) }
  }

  /// Waits until every node has acknowledged something more, for so many seconds at most.
  /// - Returns: how long that took.
  @discardableResult
  func waitForWrites(_ load: Load, seconds: Int = 30, at indices: [Int]? = nil) throws -> Duration {
    let began = ContinuousClock.now
    let indices = indices ?? Array(nodes.indices)
    let before = nodes.indices.map { load.acknowledged(at: $0) }
    for index in indices {
      while load.acknowledged(at: index) == before[index] {
        guard ContinuousClock.now - began < .seconds(seconds) else {
          throw TestFault("node \(index) does not write: \(nodes[index].log.suffix(2000))")
        }
        usleep(2000)
      }
    }
    return ContinuousClock.now - began
  }

  /// A node finds its way back within seconds.
  static func patiently<Value>(_ body: () throws -> Value) throws -> Value {
    let deadline = ContinuousClock.now + .seconds(20)
    while true {
      do { return try body() } catch  where ContinuousClock.now < deadline { usleep(50_000) }
    }
  }
}
