import Wire

/// A request to an endpoint, complete.
package struct DeliveryRequest: Sendable {
  package let endpoint: Endpoint
  package let headers: [(name: String, value: String)]
  package let body: ByteBlock
  /// Which addresses it may go to.
  package let permitted: AddressGuard
  /// Counts from 0: each one may try another address of the host.
  package let attempt: Int

  package init(
    endpoint: Endpoint, headers: [(name: String, value: String)], body: ByteBlock, permitted: AddressGuard,
    attempt: Int
  ) {
    self.endpoint = endpoint
    self.headers = headers
    self.body = body
    self.permitted = permitted
    self.attempt = attempt
  }
}

/// What came of it.
package struct DeliveryResult: Sendable, Equatable {
  /// Nil where there was no answer.
  package var status: Int?
  /// Why it failed, in words; nil where it succeeded.
  package var problem: String?
  package var milliseconds: Int
  /// The first KiB of the answer.
  package var answer: [UInt8]
  /// When the receiver wishes the next one.
  package var wish: RetryAfter?

  package init(
    status: Int?, problem: String?, milliseconds: Int = 0, answer: [UInt8] = [], wish: RetryAfter? = nil
  ) {
    self.wish = wish
    self.status = status
    self.problem = problem
    self.milliseconds = milliseconds
    self.answer = answer
  }

  package var isSuccess: Bool { problem == nil }
}

/// Something that sends: `EndpointSender`, or a stand-in in tests.
package protocol DeliverySender: Sendable {
  func send(_ request: DeliveryRequest) async -> DeliveryResult

  /// Whether something could be sent there now.
  func verdict(on endpoint: Endpoint, permitted: AddressGuard) async -> EndpointVerdict
}

/// What becomes of an endpoint's host: it has addresses that may be reached, or others alone, or none.
package enum EndpointVerdict: Sendable, Equatable {
  case permitted([NetworkAddress])
  /// Why, in words.
  case refused(String)
  case notFound(String)

  package init(_ addresses: [NetworkAddress], permitted: AddressGuard) {
    let open = addresses.filter { permitted.permits($0) }
    if open.isEmpty {
      let found = addresses.prefix(3).map(\.description).joined(separator: ", ")
      self = .refused("the address \(found) is not public; the deployment's setting webhook_allow names exceptions")
    } else {
      self = .permitted(open)
    }
  }
}
