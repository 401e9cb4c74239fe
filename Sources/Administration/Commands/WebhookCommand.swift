import JSON

/// What is asked of one webhook of a deployment.
package enum WebhookCommand: Sendable, Equatable {
  /// To deliver to this endpoint, which may have a password in it.
  case enable(url: Untold)
  case disable
  case showSecret
  case rotateSecret
  case promoteSecret
  case listDeliveries
  /// The event of one entry of the oplog, or all that were given up.
  case resend(sequence: Int64?)
  /// Gives up the event of one entry, which waits or was given up.
  case skip(sequence: Int64)
  /// Everything from this sequence on; 0 is the oldest that is kept.
  case replay(from: Int64)

  package enum Name: String, CaseIterable, Sendable {
    case enableWebhook, disableWebhook, showSecret, rotateSecret, promoteSecret
    case listDeliveries, resendWebhook, skipWebhook, replayWebhook
  }

  var isAct: Bool {
    switch self {
    case .listDeliveries: false
    case .enable, .disable, .showSecret, .rotateSecret, .promoteSecret, .resend, .skip, .replay: true
    }
  }

  var name: Name {
    switch self {
    case .enable: .enableWebhook
    case .disable: .disableWebhook
    case .showSecret: .showSecret
    case .rotateSecret: .rotateSecret
    case .promoteSecret: .promoteSecret
    case .listDeliveries: .listDeliveries
    case .resend: .resendWebhook
    case .skip: .skipWebhook
    case .replay: .replayWebhook
    }
  }

  var payload: JSONNode {
    switch self {
    case .enable(let url): Forms.url.write(url)
    case .disable, .showSecret, .rotateSecret, .promoteSecret, .listDeliveries: .object([])
    case .resend(let sequence): Forms.sequence.write(sequence)
    case .skip(let sequence): Forms.event.write(sequence)
    case .replay(let start): Forms.start.write(start)
    }
  }

  init(_ name: Name, _ payload: JSONValue) throws(JSONMismatch) {
    switch name {
    case .enableWebhook: self = .enable(url: try Forms.url.read(payload))
    case .disableWebhook: self = .disable
    case .showSecret: self = .showSecret
    case .rotateSecret: self = .rotateSecret
    case .promoteSecret: self = .promoteSecret
    case .listDeliveries: self = .listDeliveries
    case .resendWebhook: self = .resend(sequence: try Forms.sequence.read(payload))
    case .skipWebhook: self = .skip(sequence: try Forms.event.read(payload))
    case .replayWebhook: self = .replay(from: try Forms.start.read(payload))
    }
  }

  /// Payloads of one member.
  private enum Forms {
    static let url = JSONForm.only("url", .untold)
    static let sequence = JSONForm.only("sequence", .optional(.integer(1...Int64.max)) as JSONForm<Int64?>)
    static let event = JSONForm.only("sequence", .integer(1...Int64.max) as JSONForm<Int64>)
    static let start = JSONForm.only("from", .integer(0...Int64.max) as JSONForm<Int64>)
  }
}
