import Foundation

/// The engine that tests of what stands above storage run on.
package enum TestStorage: String, Sendable, CaseIterable {
  case sqlite, postgresql

  /// What `SOJOURN_TEST_STORAGE` says, which `script/test --storage` sets.
  private static let asked: TestStorage? = {
    guard let word = ProcessInfo.processInfo.environment["SOJOURN_TEST_STORAGE"] else { return nil }
    let storage = TestStorage(rawValue: word)
    precondition(storage != nil, "SOJOURN_TEST_STORAGE is sqlite or postgresql, not \(word)")
    return storage
  }()

  /// What nearly all tests run on: SQLite unless another one is asked for.
  package static let chosen = asked ?? .sqlite

  /// For the few tests that run on every engine where none is asked for.
  package static let each = asked.map { [$0] } ?? allCases

  /// Whether this run asks for all that there is on an engine, however long it takes.
  package static let isWhole = asked != nil

  /// For tests of what is SQLite's alone, each of which says what that is.
  package static let isSQLite = chosen == .sqlite
}
