import Transfers

/// A client of one deployment's API, over libcurl.
///
/// ```swift
/// let client = try APIClient(.init(base: base, credentials: .token(token)))
/// let response = try await client.send(APIRequest(.get, ["objects", "flight.json"]))
/// ```
///
/// Any number of requests may be under way; a thread of its own drives them all, over connections that
/// are kept alive. Redirects are not followed, since credentials must go nowhere else. Every status is
/// an answer; only its absence is an error. Credentials appear in no error and no log.
package final class APIClient: APITransport {
  package struct Configuration: Sendable {
    package var base: BaseURL
    package var credentials: Credentials
    /// PEM file of the authorities to trust, instead of the system's.
    package var authorities: String?
    /// Connects to this socket whatever the URL's host says.
    package var unixSocket: String?
    package var connectTimeout: Duration = .seconds(10)
    /// From the first byte sent to the last byte received.
    package var timeout: Duration = .seconds(120)
    /// More bytes in one answer's body are an error.
    package var bodyLimit = 64 << 20

    package init(base: BaseURL, credentials: Credentials) {
      self.base = base
      self.credentials = credentials
    }
  }

  package let configuration: Configuration
  private let loop: TransferLoop

  package init(_ configuration: Configuration) throws(TransferFailure) {
    guard configuration.credentials.isWellFormed else {
      throw TransferFailure(.other, "the user name, password or token has characters that cannot be sent")
    }
    self.configuration = configuration
    do {
      loop = try TransferLoop.start(named: "client")
    } catch {
      throw TransferFailure(.other, error.description)
    }
  }

  deinit { loop.stop() }

  package func send(_ request: APIRequest) async throws(TransferFailure) -> APIResponse {
    let result = await withCheckedContinuation { continuation in
      submit(request) { continuation.resume(returning: $0) }
    }
    return try result.get()
  }

  /// Sends from code that may block its thread: never from a task.
  package func sendBlocking(_ request: APIRequest) throws(TransferFailure) -> APIResponse {
    let arrival = Arrival()
    submit(request) { arrival.put($0) }
    return try arrival.wait().get()
  }

  /// `completion` is called once, on the client's thread.
  private func submit(
    _ request: APIRequest, completion: @escaping @Sendable (Result<APIResponse, TransferFailure>) -> Void
  ) {
    loop.submit(Transfer(request, configuration, completion))
  }
}
