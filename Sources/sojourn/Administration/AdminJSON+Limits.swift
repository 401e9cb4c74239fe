import Deployments
import Wire

extension AdminJSON {
  /// The limits in force; null is none.
  static func limits(_ limits: RateLimiter.Limits) -> String {
    var writer = ByteWriter()
    writer.append("{\"deployment\":")
    append(limits.deployment, to: &writer)
    writer.append(",\"user\":")
    append(limits.users, to: &writer)
    writer.append("}")
    return writer.string
  }

  private static func append(_ limit: RateLimit?, to writer: inout ByteWriter) {
    guard let limit else { return writer.append("null") }
    writer.append("{\"rate\":")
    writer.append(number: limit.rate)
    writer.append(",\"burst\":")
    writer.append(integer: Int64(limit.burst))
    writer.append("}")
  }
}
