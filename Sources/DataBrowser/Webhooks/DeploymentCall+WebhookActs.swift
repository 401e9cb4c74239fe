import Administration
import HTTPServer
import People
import Storage
import Web
import Webhooks
import Wire

// Manage Webhooks: what is done, each once, with two entries in the audit. No entry has an address in it, which may
// hold a password.

extension DeploymentCall {
  func change(_ status: WebhookStatus, _ form: PostForm) async throws -> Response {
    guard let act = WebhookAct(rawValue: form[EndpointForm.act]) else { throw PageFault.unreadableForm }
    return try await page.once(form) { try await perform(act, on: status, form) }
  }

  private func perform(_ act: WebhookAct, on status: WebhookStatus, _ form: PostForm) async throws -> PageCall.Once {
    let name = status.name
    switch act {
    case .enable: return try await enable(status, form)
    case .disable: try await command(.disable, on: name, "switch off \(name)")
    case .reveal:
      try await recordReveal("secret of the webhook \(name)")
      let secrets = try await secrets(.showSecret, of: name)
      try await keep([secrets.secret, secrets.next].compactMap { $0 }, of: name, "Nothing was changed")
    case .rotate:
      let secrets = try await audited(.webhook, "make the next secret of \(name)") {
        try await self.secrets(.rotateSecret, of: name)
      }
      try await keep([secrets.next].compactMap { $0 }, of: name, "The next secret was made")
    case .promote: try await command(.promoteSecret, on: name, "promote the next secret of \(name)")
    case .resend, .resendParked, .skip: throw PageFault.unreadableForm
    }
    return .done(.webhook(id, name: name))
  }

  /// - Throws: `PageFault` with the command's own sentence where it is refused.
  @discardableResult
  func command(_ command: WebhookCommand, on name: String, _ what: String) async throws -> AdminResult {
    try await audited(.webhook, what) { try await perform(command, on: name) }
  }

  private func perform(_ command: WebhookCommand, on name: String) async throws -> AdminResult {
    do {
      return try await administration().perform(.deployment(id: id, .webhook(name: name, command)))
    } catch let refusal as AdminRefusal {
      throw PageFault(
        422, "This cannot be done", refusal.sentence, ways: [Crumb("The webhook", .webhook(id, name: name))])
    }
  }

  // MARK: The endpoint.

  private func enable(_ status: WebhookStatus, _ sent: PostForm) async throws -> PageCall.Once {
    var form = EndpointForm.of(status)
    guard let container = try? FormContainer(sent.pairs) else { throw PageFault.unreadableForm }
    form.read(container)
    let url = form[EndpointForm.url]
    let now = EndpointForm.written(status)
    if form.isGood, form[EndpointForm.opened] != now, now != "on \(url)" {
      form = EndpointForm.of(status, typed: url)
      form.fault =
        "Somebody else has changed it meanwhile: it is \(status.isOn ? "on" : "off") now, with "
        + (status.url.map { "the endpoint \(CutText.cut($0))" } ?? "no endpoint")
        + ". Send the form again to replace that."
      return .refused(try await webhookPage(status, form, code: 409))
    }
    if form.isGood, let problem = await problem(with: url) { form.refuse(EndpointForm.url, problem) }
    guard form.isGood else { return .refused(try await webhookPage(status, form)) }
    let host = (try? Endpoint(url))?.host ?? ""
    try await command(.enable(url: Untold(url)), on: status.name, "switch on \(status.name) with \(host)")
    return .done(.webhook(id, name: status.name))
  }

  /// What the guard has against an endpoint. A host that is not found now may be there later: the page says so.
  private func problem(with url: String) async -> String? {
    do {
      guard case .refused(let why) = try await administration().webhooks.verdict(on: url, of: id) else { return nil }
      return "Endpoint: \(why)."
    } catch let fault as WebhookFault {
      return fault.sentence
    } catch {
      return nil
    }
  }

  // MARK: Secrets.

  private func secrets(_ command: WebhookCommand, of name: String) async throws -> SecretRows {
    guard case .secrets(let secrets) = try await perform(command, on: name) else { throw PageFault.unexpected }
    return secrets
  }

  private func shownName(of webhook: String) -> String { "secrets of the webhook \(webhook) of \(id)" }

  /// Secrets have no spaces.
  private func keep(_ secrets: [String], of name: String, _ done: String) async throws {
    try await page.keep(secrets.joined(separator: " "), on: shownName(of: name), done)
  }

  /// Those of a moment ago that are still good: somebody else may have drawn or promoted others.
  func shownSecrets(of status: WebhookStatus) async throws -> WebhookPage.Shown {
    var shown = WebhookPage.Shown()
    guard status.condition != .new, let kept = try await people.shown(on: shownName(of: status.name), to: visitor)
    else { return shown }
    let texts = kept.secret.split(separator: " ").map(String.init)
    let good = try await administration().webhooks.secrets(of: status.name, in: id)
    if texts.contains(good.current) { shown.current = good.current }
    if let next = good.next?.secret, texts.contains(next) { shown.next = next }
    return shown
  }
}
