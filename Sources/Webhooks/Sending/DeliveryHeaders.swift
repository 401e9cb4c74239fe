import Crypto
import Storage
import Wire

/// The headers of a delivery (webhooks.md «The request»).
package enum DeliveryHeaders {
  package static let signature = "X-Journey-Signature"
  package static let signatures = "X-Sojourn-Signature"
  package static let rsaSignature = "X-Journey-Signature-Rsa-Sha256"
  package static let delivery = "X-Sojourn-Delivery"
  package static let replay = "X-Sojourn-Replay"

  static func all(
    event: String, _ one: DeliveryTry, body: [UInt8], secrets: WebhookSecrets, key: SigningKey, version: String
  ) throws(SigningKey.Fault) -> [(name: String, value: String)] {
    var headers = [
      (name: "Content-Type", value: TextType.json), (name: "User-Agent", value: "Sojourn/\(version)"),
      (name: signature, value: secrets.signature(of: body)),
      (name: signatures, value: secrets.signatures(of: body)),
      (name: rsaSignature, value: Base64.encode(try key.signature(of: body))),
      (name: delivery, value: "\(event):\(one.delivery.sequence)"),
    ]
    if one.delivery.isReplay { headers.append((name: replay, value: "1")) }
    return headers
  }
}
