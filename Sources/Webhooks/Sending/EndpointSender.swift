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
    let addresses: [NetworkAddress]
    do throws(LookupFault) {
      addresses = try await lookup.addresses(of: request.endpoint.host)
    } catch {
      return DeliveryResult(status: nil, problem: error.description)
    }
    let permitted = addresses.filter { request.permitted.permits($0) }
    guard !permitted.isEmpty else {
      let found = addresses.prefix(3).map(\.description).joined(separator: ", ")
      return DeliveryResult(
        status: nil,
        problem: "the address \(found) is not public; the deployment's setting webhook_allow names exceptions")
    }
    let address = permitted[request.attempt % permitted.count]
    return await withCheckedContinuation { continuation in
      loop.submit(
        EndpointTransfer(request, to: address, withinMilliseconds: wholeMilliseconds) {
          continuation.resume(returning: $0)
        })
    }
  }
}
