import Wire

/// One administrative act, as the log tells it: what was done to which deployment, who did it, and what came of it.
/// It holds no secret: of a request only those texts that are none, of an answer nothing but a refusal.
struct AdminAct: Sendable, Equatable {
  let message: String
  let members: [(String, String)]

  /// Texts of requests that may be told, in this order.
  private static let told = [
    "deployment", "name", "environment", "id", "version", "read_only", "expires", "before", "older_than", "force",
    "sequence", "from", "repair", "unset",
  ]

  init(_ request: AdminRequest, _ peer: UnixSocket.Peer?, _ answer: AdminAnswer) {
    message = "Administration: \(request.action.words)"
    var members: [(String, String)] = []
    for key in Self.told {
      if let text = request.texts[key], !text.isEmpty { members.append((key, CutText.cut(text))) }
    }
    for (key, value) in request.assignments { members.append((CutText.cut(key), CutText.cut(value))) }
    members.append(("by", peer.map { "uid \($0.user), process \($0.process)" } ?? "unknown"))
    switch answer {
    case .done: members.append(("outcome", "done"))
    case .refused(let sentence), .nowhere(let sentence):
      // A refusal repeats what it refuses, and an endpoint may have a password in it.
      var sentence = sentence
      for (key, text) in request.texts where !Self.told.contains(key) && !text.isEmpty {
        for shown in [text, CutText.cut(text)] { sentence = sentence.replacing(shown, with: "…") }
      }
      members.append(("outcome", "refused: \(CutText.cut(sentence, to: 300))"))
    }
    self.members = members
  }

  static func == (left: AdminAct, right: AdminAct) -> Bool {
    left.message == right.message && left.members.elementsEqual(right.members, by: ==)
  }
}

extension AdminRequest {
  /// Whether it changes something or shows a secret. What only looks is no act.
  var isAct: Bool {
    switch action {
    case .listDeployments, .getSettings, .listTokens, .previewDataModel, .listDeploys, .previewRollback, .getLimits,
      .listWebhooks, .listDeliveries:
      false
    case .checkAttachments, .checkStrays: texts["repair"] == "true"
    case .createDeployment, .deleteDeployment, .setSettings, .resetPassword, .createToken, .revokeToken,
      .deployDataModel, .rollBackDataModel, .trimOplog, .setLimits, .enableWebhook, .disableWebhook, .showSecret,
      .rotateSecret, .promoteSecret, .resendWebhook, .replayWebhook:
      true
    }
  }
}

extension AdminRequest.Action {
  /// As people say it: `create token`.
  var words: String {
    var words = ""
    for character in rawValue {
      if character.isUppercase { words += " " }
      words += character.lowercased()
    }
    return words
  }
}
