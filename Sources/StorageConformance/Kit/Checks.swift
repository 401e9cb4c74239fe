import Storage

// What cases are written with: each throws a `ConformanceFailure` that says what was seen.

func require(_ isSo: Bool, _ sentence: @autoclosure () -> String) throws(ConformanceFailure) {
  if !isSo { throw ConformanceFailure(sentence()) }
}

func require<Value: Equatable>(
  _ found: Value, is expected: Value, _ what: @autoclosure () -> String
) throws(ConformanceFailure) {
  if found != expected {
    throw ConformanceFailure("\(what()): found \(shown(found)), expected \(shown(expected))")
  }
}

/// The value, where there is one.
func require<Value>(
  some found: Value?, _ what: @autoclosure () -> String
) throws(ConformanceFailure) -> Value {
  guard let found else { throw ConformanceFailure("\(what()): there is none") }
  return found
}

/// Runs `body` and holds it to failing with this error.
func require(
  _ expected: StorageError, from body: () async throws -> Void, _ what: @autoclosure () -> String
) async throws {
  do {
    try await body()
  } catch let error as StorageError {
    try require(error, is: expected, what())
    return
  }
  throw ConformanceFailure("\(what()): it succeeded, expected \(expected)")
}

/// Holds `condition` to coming true within this time.
func within(
  _ duration: Duration, _ sentence: @autoclosure () -> String, _ condition: () async throws -> Bool
) async throws {
  let end = ContinuousClock.now + duration
  while try await !condition() {
    try require(.now < end, sentence())
    try await Task.sleep(for: .milliseconds(5))
  }
}

/// A value as a failure shows it, cut: cases hold texts of megabytes.
private func shown(_ value: some Any) -> String {
  let text = String(describing: value)
  return text.utf8.count <= 2000 ? text : "\(text.prefix(2000))… (\(text.utf8.count) bytes)"
}
