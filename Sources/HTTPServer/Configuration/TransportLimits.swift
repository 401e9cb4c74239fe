/// How large and how slow a request may be (api.md section 2). Each is a setting.
package struct TransportLimits: Sendable, Equatable {
  /// Bytes of method, target and version with the spaces between them. Beyond: 414.
  package var requestLine = 16 * 1024
  /// Bytes of all header fields. Beyond: 431.
  package var head = 64 * 1024
  /// Bytes of a body, decompressed. Beyond: 413.
  package var body = 50_000_000
  /// Seconds without traffic in either direction after which a connection is closed.
  package var idleSeconds = 75
  /// Milliseconds from the first byte of a head to its last, counted from the accept (so with the TLS
  /// handshake) on a new connection. Beyond: closed without an answer.
  package var headMilliseconds = 10_000
  /// Bytes a second below which a body is too slow, measured over `bodyWindowMilliseconds`.
  package var bodyRate = 1024
  /// A body is judged at the end of each window of this length. Below the rate: closed without an answer.
  package var bodyWindowMilliseconds = 10_000
  /// Connections at a time, over all listeners. Beyond: they wait in the listen queue.
  package var connections = 4096
  /// Connections at a time from one peer address; 0 means no such limit. Beyond: closed at once.
  package var connectionsPerAddress = 0
  /// Bytes of all request bodies in memory together. Beyond: 503.
  package var bodyMemory = 256 * 1024 * 1024

  /// Bytes that libmicrohttpd keeps for one connection: a head must fit in there, with some 70 bytes of its own
  /// for each field, and the header of the answer. It clears all of it after each request, so each connection
  /// in use holds as much memory, and each byte more costs every request.
  var connectionMemory: Int { requestLine + head + 16 * 1024 }

  /// Bytes of it that are kept free for the header of the answer.
  static let answerHead = 8 * 1024

  package init() {}
}
