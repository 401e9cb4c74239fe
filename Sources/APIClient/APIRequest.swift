import Wire

/// A request below a base URL.
package struct APIRequest: Sendable {
  package enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
  }

  package var method: Method
  /// `["objects", "flight.json"]`; each is percent-encoded.
  package var path: [String]
  package var query: [(name: String, value: String)]
  /// Beside those of the credentials and of the body. Control characters are refused.
  package var headers: [(name: String, value: String)]
  package var body: ByteBlock?

  /// A body is JSON unless a header says otherwise.
  package init(
    _ method: Method, _ path: [String], query: [(name: String, value: String)] = [],
    headers: [(name: String, value: String)] = [], body: ByteBlock? = nil
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
  }
}

/// A complete answer, whatever its status.
package struct APIResponse: Sendable {
  package let status: Int
  /// Names in lower case.
  package let headers: [(name: String, value: String)]
  package let body: [UInt8]

  package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first header of that name, written in lower case.
  package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// Why no answer came.
package struct TransferFailure: Error, Equatable, CustomStringConvertible {
  package enum Cause: Sendable, Equatable {
    /// The connection could not be made, broke, or took too long: another try may succeed.
    case connection
    /// The server's certificate is not trusted.
    case certificate
    /// Another try gives the same: a bad URL, header, certificate file or an answer above the limit.
    case other
  }

  package let cause: Cause
  package let description: String

  package init(_ cause: Cause, _ description: String) {
    self.cause = cause
    self.description = description
  }
}

/// Something that performs requests: `APIClient`, or a stand-in in tests.
package protocol APITransport: Sendable {
  func send(_ request: APIRequest) async throws(TransferFailure) -> APIResponse
}
