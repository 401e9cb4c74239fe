import HTTPServer

/// Where the API tells what a client must not hear.
package protocol APILog: Sendable {
  /// A fault of ours, under the id of the request that met it.
  func fault(_ reason: String, requestID: String)
  /// What whoever runs the server may want to see to, met by the request with this id.
  func warning(_ message: String, requestID: String)
  /// One line for each request.
  func request(_ exchange: FinishedExchange)
}
