/// What a target found: a promise, and the values that break it.
struct BrokenPromise: Error, CustomStringConvertible {
  let description: String

  init(_ sentence: String) { description = sentence }
}

/// The promise is kept where the condition holds.
func promise(_ condition: Bool, _ sentence: @autoclosure () -> String) throws(BrokenPromise) {
  if !condition { throw BrokenPromise(sentence()) }
}

/// The promise is kept where both are equal.
func promise<Value: Equatable>(
  _ found: Value, is expected: Value, _ sentence: @autoclosure () -> String
) throws(BrokenPromise) {
  if found != expected { throw BrokenPromise("\(sentence()): \(found) instead of \(expected)") }
}

/// The promise is kept where there is a value.
func promised<Value>(_ value: Value?, _ sentence: @autoclosure () -> String) throws(BrokenPromise) -> Value {
  guard let value else { throw BrokenPromise(sentence()) }
  return value
}
