import JSON

/// What came of a command that was done. Its JSON is what `--json` prints.
package enum AdminResult: Sendable, Equatable {
  case created(CreatedDeployment)
  case deployments([DeploymentRow])
  case status(StatusReport)
  case deleted
  case settings(SettingValues)
  case limits(LimitRows)
  case password(NewPassword)
  case token(String)
  case tokens([TokenRow])
  case revoked
  case deployed(Deployed)
  case preview(DeployPreview)
  case deploys([DeployRow])
  case attachments(AttachmentFindings)
  case strays([String])
  case trimmed(Trimmed)
  case webhooks([WebhookRow])
  case webhook(WebhookRow)
  case secrets(SecretRows)
  case deliveries(Deliveries)
  case resent(Int)
  case person(CreatedPerson)
  case people(PeopleRows)
  case reset(ResetLink)
  case audit(AuditFindings)

  package enum Kind: String, CaseIterable, Sendable {
    case created, deployments, status, deleted, settings, limits, password, token, tokens, revoked, deployed, preview,
      deploys
    case attachments, strays, trimmed, webhooks, webhook, secrets, deliveries, resent
    case person, people, reset, audit
  }

  package var kind: Kind {
    switch self {
    case .created: .created
    case .deployments: .deployments
    case .status: .status
    case .deleted: .deleted
    case .settings: .settings
    case .limits: .limits
    case .password: .password
    case .token: .token
    case .tokens: .tokens
    case .revoked: .revoked
    case .deployed: .deployed
    case .preview: .preview
    case .deploys: .deploys
    case .attachments: .attachments
    case .strays: .strays
    case .trimmed: .trimmed
    case .webhooks: .webhooks
    case .webhook: .webhook
    case .secrets: .secrets
    case .deliveries: .deliveries
    case .resent: .resent
    case .person: .person
    case .people: .people
    case .reset: .reset
    case .audit: .audit
    }
  }
}

extension AdminResult {
  package var json: JSONNode {
    switch self {
    case .created(let created): created.json
    case .deployments(let rows): Forms.deployments.write(rows)
    case .status(let report): report.json
    case .deleted: Forms.deleted.write(true)
    case .settings(let values): SettingValues.form.write(values)
    case .limits(let rows): rows.json
    case .password(let password): password.json
    case .token(let token): Forms.token.write(token)
    case .tokens(let rows): Forms.tokens.write(rows)
    case .revoked: Forms.revoked.write(true)
    case .deployed(let deployed): deployed.json
    case .preview(let preview): preview.json
    case .deploys(let rows): Forms.deploys.write(rows)
    case .attachments(let findings): findings.json
    case .strays(let ids): Forms.strays.write(ids)
    case .trimmed(let trimmed): trimmed.json
    case .webhooks(let rows): Forms.webhooks.write(rows)
    case .webhook(let row): row.json
    case .secrets(let secrets): secrets.json
    case .deliveries(let deliveries): deliveries.json
    case .resent(let count): Forms.resent.write(count)
    case .person(let person): person.json
    case .people(let rows): rows.json
    case .reset(let link): link.json
    case .audit(let findings): findings.json
    }
  }

  init(_ kind: Kind, _ value: JSONValue) throws(JSONMismatch) {
    switch kind {
    case .created: self = .created(try CreatedDeployment(value))
    case .deployments: self = .deployments(try Forms.deployments.read(value))
    case .status: self = .status(try StatusReport(value))
    case .deleted:
      _ = try Forms.deleted.read(value)
      self = .deleted
    case .settings: self = .settings(try SettingValues.form.read(value))
    case .limits: self = .limits(try LimitRows(value))
    case .password: self = .password(try NewPassword(value))
    case .token: self = .token(try Forms.token.read(value))
    case .tokens: self = .tokens(try Forms.tokens.read(value))
    case .revoked:
      _ = try Forms.revoked.read(value)
      self = .revoked
    case .deployed: self = .deployed(try Deployed(value))
    case .preview: self = .preview(try DeployPreview(value))
    case .deploys: self = .deploys(try Forms.deploys.read(value))
    case .attachments: self = .attachments(try AttachmentFindings(value))
    case .strays: self = .strays(try Forms.strays.read(value))
    case .trimmed: self = .trimmed(try Trimmed(value))
    case .webhooks: self = .webhooks(try Forms.webhooks.read(value))
    case .webhook: self = .webhook(try WebhookRow(value))
    case .secrets: self = .secrets(try SecretRows(value))
    case .deliveries: self = .deliveries(try Deliveries(value))
    case .resent: self = .resent(try Forms.resent.read(value))
    case .person: self = .person(try CreatedPerson(value))
    case .people: self = .people(try PeopleRows(value))
    case .reset: self = .reset(try ResetLink(value))
    case .audit: self = .audit(try AuditFindings(value))
    }
  }

  /// Results of one member.
  private enum Forms {
    static let deployments = JSONForm.only("deployments", .list(.record) as JSONForm<[DeploymentRow]>)
    static let deleted = JSONForm.only("deleted", .flag)
    static let token = JSONForm.only("token", .text)
    static let tokens = JSONForm.only("tokens", .list(.record) as JSONForm<[TokenRow]>)
    static let revoked = JSONForm.only("revoked", .flag)
    static let deploys = JSONForm.only("deploys", .list(.record) as JSONForm<[DeployRow]>)
    static let strays = JSONForm.only("strays", .list(.text) as JSONForm<[String]>)
    static let webhooks = JSONForm.only("webhooks", .list(.record) as JSONForm<[WebhookRow]>)
    static let resent = JSONForm.only("resent", .count as JSONForm<Int>)
  }
}
