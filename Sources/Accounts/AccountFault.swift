/// Why an administrative request was refused. The sentence is for the person who made it.
package struct AccountFault: Error, Sendable, Equatable {
  package var sentence: String

  package init(_ sentence: String) { self.sentence = sentence }
}
