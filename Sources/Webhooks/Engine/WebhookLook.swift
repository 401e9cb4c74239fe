import Storage

/// What a node does about the webhooks of a deployment when it looks at what is kept of them: another node, or a
/// command, may have changed them.
struct WebhookLook: Equatable {
  /// Enabled, and not run here.
  private(set) var toRun: [WebhookRecord] = []
  /// Run here: each takes what is kept where that is later than what it has, disabled ones too.
  private(set) var toRefresh: [String] = []
  /// Run here, and kept no longer.
  private(set) var toEnd: [String]

  init(kept: [WebhookRecord], running: Set<String>) {
    for webhook in kept {
      if running.contains(webhook.name) {
        toRefresh.append(webhook.name)
      } else if webhook.isEnabled {
        toRun.append(webhook)
      }
    }
    toEnd = running.subtracting(kept.map(\.name)).sorted()
  }
}
