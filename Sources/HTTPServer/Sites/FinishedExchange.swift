/// A request that is over, as its site counts and logs it.
package struct FinishedExchange: Sendable {
  package var head: RequestHead
  package var status: Int
  /// Bytes of the body as sent (after compression).
  package var bodyBytes: Int
  package var microseconds: Int
  /// Whether the answer went out whole.
  package var completed: Bool
  /// Who asked: `Response.caller`; nil where that is not known.
  package var caller: String?
  /// What the site's verdict called it, counted from the site's `firstKind`.
  package var kind: UInt8
  /// Bytes of the request's body that came, as sent.
  package var receivedBytes: Int

  package init(
    head: RequestHead, status: Int, bodyBytes: Int, microseconds: Int, completed: Bool, caller: String? = nil,
    kind: UInt8 = 0, receivedBytes: Int = 0
  ) {
    self.head = head
    self.status = status
    self.bodyBytes = bodyBytes
    self.microseconds = microseconds
    self.completed = completed
    self.caller = caller
    self.kind = kind
    self.receivedBytes = receivedBytes
  }
}
