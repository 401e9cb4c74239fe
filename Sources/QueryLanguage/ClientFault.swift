/// What is wrong with something that a client wrote. The detail is for the client: it names the field,
/// the value and the limit.
package enum ClientFault: Error, Sendable, Equatable {
  /// The form is wrong: `INVALID_API_REQUEST`, 400.
  case request(String)
  /// The data model refuses a value: `INVALID_VALUE`, 422.
  case value(String)

  package var detail: String {
    switch self {
    case .request(let detail), .value(let detail): detail
    }
  }
}
