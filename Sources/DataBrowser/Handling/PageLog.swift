import HTTPServer

/// Where the pages tell what goes wrong. Lines name routes, never queries.
package protocol PageLog: Sendable {
  func request(_ exchange: FinishedExchange)
  /// Something that whoever runs the server must know.
  func fault(_ sentence: String, requestID: String)
}
