import HTTPServer
import Wire

/// What `/health/ready` says, from what is known: a value (api.md section 7). It is read without
/// credentials, so it names no deployment.
package struct HealthReport: Sendable, Equatable {
  package enum Stage: UInt8, Sendable { case starting, serving, draining }

  package let isReady: Bool
  package let sentence: String

  /// `unfit` is the number of deployments whose writes the disk did not take, `unusable` that of those whose
  /// data could not be opened: these keep nobody else from being served. `unopened` is the number of those among
  /// them that the process has no files left for: nothing is wrong with them, so the server is not as it should be.
  package init(_ stage: Stage, unfit: Int = 0, unusable: Int = 0, unopened: Int = 0) {
    isReady = stage == .serving && unfit == 0 && unopened == 0
    sentence =
      switch stage {
      case .starting: "The server is starting."
      case .draining: "The server is shutting down."
      case .serving where unfit > 0:
        "Writes fail in \(Self.deployments(unfit)): the disk may be full or broken. The log says more."
      case .serving where unopened > 0:
        "The server may have too few files open for \(Self.deployments(unopened)). The log says how to raise the limit."
      case .serving where unusable > 0:
        "The server is ready, but the data of \(Self.deployments(unusable)) cannot be opened. The log says why."
      case .serving: "The server is ready."
      }
  }

  private static func deployments(_ count: Int) -> String { count == 1 ? "1 deployment" : "\(count) deployments" }

  /// That the process answers at all is what `/health/live` says.
  package static let live = HealthReport(isReady: true, sentence: "The process answers.")

  private init(isReady: Bool, sentence: String) {
    self.isReady = isReady
    self.sentence = sentence
  }

  package var response: Response {
    var writer = ByteWriter(capacity: 256)
    writer.append(isReady ? "{\"status\":\"ok\",\"detail\":" : "{\"status\":\"unavailable\",\"detail\":")
    writer.append(quoted: sentence)
    writer.append("}")
    var headers = [(name: "Content-Type", value: TextType.json), (name: "Cache-Control", value: "no-store")]
    if !isReady { headers.append(("Retry-After", "1")) }
    return Response(status: isReady ? 200 : 503, headers: headers, body: .block(writer.detach()))
  }
}
