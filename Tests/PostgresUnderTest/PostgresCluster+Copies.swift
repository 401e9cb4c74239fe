import ServerUnderTest
import Synchronization

extension PostgresCluster {
  private static let copies = Mutex(0)

  /// A new database with all that another one has, which nobody may be connected to meanwhile. It takes some dozen
  /// milliseconds, however much was done to make the first one.
  package func copy(of original: PostgresDatabase) throws(TestFault) -> PostgresDatabase {
    let number = Self.copies.withLock { copies in
      copies += 1
      return copies
    }
    let name = "\(original.name)_\(number)"
    try run("CREATE DATABASE \(name) TEMPLATE \(original.name) OWNER owner")
    return PostgresDatabase(cluster: self, name: name)
  }
}

extension PostgresDatabase {
  /// With all sessions in it.
  package func drop() { _ = try? cluster.run("DROP DATABASE \(name) WITH (FORCE)") }
}
