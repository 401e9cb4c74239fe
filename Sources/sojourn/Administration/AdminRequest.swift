import Deployments
import JSON
import Wire

/// What an administrator asks of a data directory: a word and named texts. It travels as JSON over the
/// administrative socket when a server has the directory, and is performed at once when none does.
struct AdminRequest: Sendable, Equatable {
  enum Action: String, Sendable, CaseIterable {
    case createDeployment, listDeployments, deleteDeployment, setSettings, getSettings
    case resetPassword, createToken, listTokens, revokeToken
    case deployDataModel, previewDataModel, listDeploys, rollBackDataModel, previewRollback
    case trimOplog
    case setLimits, getLimits
    case checkAttachments, checkStrays
    case listWebhooks, enableWebhook, disableWebhook, showSecret, rotateSecret, promoteSecret
    case listDeliveries, resendWebhook, replayWebhook
  }

  var action: Action
  var texts: [String: String] = [:]
  /// Settings to set, in order.
  var assignments: [(key: String, value: String)] = []

  /// The deployments that it needs open: one that is about a single deployment costs what that one costs.
  var opening: DeploymentRegistry.Opening {
    switch action {
    case .listDeployments: .all
    case .createDeployment, .checkStrays: .none
    default: .one(texts["deployment"] ?? "")
    }
  }

  static func == (left: AdminRequest, right: AdminRequest) -> Bool {
    left.action == right.action && left.texts == right.texts
      && left.assignments.elementsEqual(right.assignments, by: ==)
  }

  init(_ action: Action, _ texts: [String: String?] = [:], assignments: [(key: String, value: String)] = []) {
    self.action = action
    self.texts = texts.compactMapValues { $0 }
    self.assignments = assignments
  }

  /// Nil where the bytes are no request.
  init?(_ bytes: [UInt8]) {
    guard let root = try? JSONDocument.read(bytes).root,
      let action = root["action"]?.string.flatMap(Action.init)
    else { return nil }
    self.action = action
    for member in root["texts"]?.members.map({ $0 }) ?? [] { texts[member.key] = member.value.string }
    for member in root["assignments"]?.members.map({ $0 }) ?? [] {
      assignments.append((member.key, member.value.string ?? ""))
    }
  }

  var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.append("{\"action\":")
    writer.append(quoted: action.rawValue)
    Self.append("texts", texts.map { ($0, $1) }, to: &writer)
    Self.append("assignments", assignments.map { ($0.key, $0.value) }, to: &writer)
    writer.append("}")
    return writer.array
  }

  private static func append(_ name: String, _ pairs: [(String, String)], to writer: inout ByteWriter) {
    writer.append(",")
    writer.append(quoted: name)
    writer.append(":{")
    for (place, pair) in pairs.enumerated() {
      if place > 0 { writer.append(",") }
      writer.append(quoted: pair.0)
      writer.append(":")
      writer.append(quoted: pair.1)
    }
    writer.append("}")
  }
}

/// What came of it: JSON as `--json` prints it, or a sentence that says why not.
enum AdminAnswer: Sendable, Equatable {
  case done(String)
  case refused(String)
  /// There is no data directory to ask. Never from a server.
  case nowhere(String)

  /// What a command ends with that prints it.
  var exitCode: Int32 {
    switch self {
    case .done: 0
    case .refused: 1
    case .nowhere: 2
    }
  }

  /// A line that says which, then the text.
  var bytes: [UInt8] {
    switch self {
    case .done(let json): Array("done\n\(json)".utf8)
    case .refused(let sentence), .nowhere(let sentence): Array("refused\n\(sentence)".utf8)
    }
  }

  init?(_ bytes: [UInt8]) {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let text = String(decoding: bytes[(end + 1)...], as: UTF8.self)
    switch String(decoding: bytes[..<end], as: UTF8.self) {
    case "done": self = .done(text)
    case "refused": self = .refused(text)
    default: return nil
    }
  }

}
