/// Why a test could not do its work; never what it tests.
package struct TestFault: Error, CustomStringConvertible {
  package let description: String
  /// For a connection that ended or could not be made: whether that was in the middle of an answer. Nil for
  /// other faults.
  package let endedInAnswer: Bool?

  package init(_ description: String, endedInAnswer: Bool? = nil) {
    self.description = description
    self.endedInAnswer = endedInAnswer
  }
}
