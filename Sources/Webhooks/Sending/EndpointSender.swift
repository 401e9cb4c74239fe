import Transfers
import Wire

/// Sends deliveries over libcurl: to the address that was checked and to no other (webhooks.md «Delivering»).
package final class EndpointSender: DeliverySender {
  private let lookup: any HostLookup
  private let loop: TransferLoop
  private let wholeMilliseconds: Int

  /// From the connection's beginning to the answer's end (webhooks.md «Delivering»).
  package static let wholeMilliseconds = 30_000
  /// Connections that rest and are kept.
  private static let restingConnections = 256

  /// A delivery may take `wholeMilliseconds`; tests give less than webhooks.md says.
  /// - Throws: `TransferLoop.Fault`.
  package init(
    lookup: any HostLookup, wholeMilliseconds: Int = EndpointSender.wholeMilliseconds
  ) throws(TransferLoop.Fault) {
    self.lookup = lookup
    self.wholeMilliseconds = wholeMilliseconds
    loop = try TransferLoop.start(named: "webhooks", connections: Self.restingConnections, givesWay: true)
  }

  deinit { loop.stop() }

  package func send(_ request: DeliveryRequest) async -> DeliveryResult {
    let permitted: [NetworkAddress]
    switch await verdict(on: request.endpoint, permitted: request.permitted) {
    case .permitted(let addresses): permitted = addresses
    case .refused(let problem), .notFound(let problem): return DeliveryResult(status: nil, problem: problem)
    }
    let address = permitted[request.attempt % permitted.count]
    return await withCheckedContinuation { continuation in
      loop.submit(
        EndpointTransfer(request, to: address, withinMilliseconds: wholeMilliseconds) {
          continuation.resume(returning: $0)
        })
    }
  }

  package func verdict(on endpoint: Endpoint, permitted: AddressGuard) async -> EndpointVerdict {
    do throws(LookupFault) {
      return EndpointVerdict(try await lookup.addresses(of: endpoint.host), permitted: permitted)
    } catch {
      return .notFound(error.description)
    }
  }
}
