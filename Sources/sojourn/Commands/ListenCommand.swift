import CommandLineTable
import Crypto
import Glibc
import HTTPServer
import JSON
import Synchronization
import Webhooks
import Wire

/// `sojourn webhook listen`: a receiver for trying out, which verifies and prints what comes.
enum ListenCommand {
  static let command = Command(
    "listen", summary: "Receives webhooks on this machine, verifies and prints them.",
    discussion: [
      "For trying out, and as an example of what a receiver does: it verifies the signature of the raw body, answers "
        + "401 where it is wrong, and says where a delivery comes again."
    ],
    options: [
      CommandOption("port", .integer(0...65_535), default: "8765", help: "Of 127.0.0.1; 0 chooses a free one."),
      CommandOption(
        "secret", .text, placeholder: "S", required: true, environment: "SOJOURN_WEBHOOK_SECRET",
        help: "The webhook's secret, as 'sojourn webhook secret show' prints it."),
      CommandOption(
        "public-key", .path, placeholder: "F",
        help: "The deployment's public key (PEM), to verify the RSA signature too."),
      CommandOption("status", .integer(200...599), default: "204", help: "What it answers to what is genuine."),
      CommandOption("json", .flag, help: "Prints one JSON line for each request."),
    ])

  static func run(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    var publicKey: String?
    if let path = command.text("public-key") {
      publicKey = read(path)
      if publicKey == nil {
        Terminal.say("sojourn: \(path) cannot be read.\n", to: 2)
        return 1
      }
    }
    let receiver = WebhookReceiver(
      secret: command.text("secret") ?? "", publicKey: publicKey, status: command.integer("status") ?? 204,
      isJSON: command.flag("json"))
    // Any of them ends it: it has nothing to read again.
    let signals = SignalWatch(hasTerminal: true)
    do {
      let port = UInt16(clamping: command.integer("port") ?? 0)
      var configuration = ServerConfiguration(listeners: [Listener(scheme: .http, host: "127.0.0.1", port: port)])
      configuration.restMilliseconds = 0
      let server = try HTTPServer(configuration: configuration, handler: receiver)
      for address in server.addresses {
        Terminal.write("Listening at http://\(address.host):\(address.port)\n", to: 2)
      }
      _ = await signals.next()
      await server.shutdown(grace: 1)
      return 0
    } catch {
      Terminal.say("sojourn: \(error)\n", to: 2)
      return 1
    }
  }

  private static func read(_ path: String) -> String? {
    let number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { return nil }
    let file = OwnedDescriptor(number)
    var bytes = [UInt8](repeating: 0, count: 16_384)
    let count = Glibc.read(file.number, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }
}

/// Verifies what comes, prints it, and answers.
final class WebhookReceiver: Handler {
  private let secret: String
  private let publicKey: String?
  private let status: Int
  private let isJSON: Bool
  /// Deliveries that came, so that repeats are seen; the oldest are forgotten.
  private let seen = Mutex<(names: Set<String>, order: [String])>(([], []))

  private static let mostRemembered = 10_000

  init(secret: String, publicKey: String?, status: Int, isJSON: Bool) {
    self.secret = secret
    self.publicKey = publicKey
    self.status = status
    self.isJSON = isJSON
  }

  func verdict(on head: RequestHead) -> Verdict {
    guard head.method == .post else { return .answer(Response(status: 405, headers: [("Allow", "POST")])) }
    return .read { [self] body in
      let bytes = Array(body.bytes)
      let report = report(on: head, bytes)
      print(head, bytes, report)
      return Response(status: report.isGenuine ? status : 401)
    }
  }

  func response(to failure: TransportFailure, of head: RequestHead) -> Response { Response(status: 400) }
  func finished(_ exchange: FinishedExchange) {}

  private struct Report {
    let isGenuine: Bool
    let signature: String
    let rsaSignature: String
    let isRepeat: Bool
  }

  private func report(on head: RequestHead, _ body: [UInt8]) -> Report {
    let expected = Array(WebhookSecrets.signature(of: body, under: secret).utf8)
    // The next secret signs too while it is being rotated: one of all signatures has to be right.
    let given =
      [head.headers[DeliveryHeaders.signature.lowercased()] ?? ""]
      + (head.headers[DeliveryHeaders.signatures.lowercased()] ?? "").split(separator: ",").map(String.init)
    let isSigned = given.contains { ConstantTime.areEqual(Array($0.utf8), expected) }
    var rsa = "not verified"
    if let publicKey {
      let signature = Base64.decode(head.headers[DeliveryHeaders.rsaSignature.lowercased()] ?? "") ?? []
      let isValid = (try? SigningKey.isValid(signature, of: body, publicPEM: publicKey)) ?? false
      rsa = isValid ? "good" : "WRONG"
    }
    let isGenuine = isSigned && rsa != "WRONG"
    return Report(
      isGenuine: isGenuine, signature: isSigned ? "good" : "WRONG", rsaSignature: rsa,
      isRepeat: isGenuine && isRepeat(head.headers[DeliveryHeaders.delivery.lowercased()] ?? ""))
  }

  private func isRepeat(_ delivery: String) -> Bool {
    seen.withLock { seen in
      if seen.order.count >= Self.mostRemembered {
        seen = ([], [])
      }
      if !seen.names.insert(delivery).inserted { return true }
      seen.order.append(delivery)
      return false
    }
  }

  private func print(_ head: RequestHead, _ body: [UInt8], _ report: Report) {
    let delivery = head.headers[DeliveryHeaders.delivery.lowercased()]
    let isReplay = head.headers[DeliveryHeaders.replay.lowercased()] == "1"
    let isDocument = (try? JSONDocument.read(body)) != nil
    if isJSON {
      let line: JSONNode = [
        "delivery": delivery.map { .text($0) } ?? .null, "signature": .text(report.signature),
        "rsa_signature": .text(report.rsaSignature), "repeat": .bool(report.isRepeat), "replay": .bool(isReplay),
        "body": isDocument ? .written(String(decoding: body, as: UTF8.self)) : .null,
      ]
      Terminal.write(PrintableText.escapedJSON(line.string + "\n"), to: 1)
      return
    }
    let marks = (report.isRepeat ? ", a repeat" : "") + (isReplay ? ", a replay" : "")
    Terminal.say(
      "\(delivery ?? "(no delivery)")  signature \(report.signature), RSA \(report.rsaSignature)\(marks)\n"
        + "  \(CutText.cut(String(decoding: body, as: UTF8.self), to: 2000))\n", to: 1)
  }
}
