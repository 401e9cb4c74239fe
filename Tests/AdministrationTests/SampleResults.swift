import Crypto
import DataModel
import Deployments
import Storage
import Webhooks
import Wire

@testable import Administration

/// At least one result of each kind; the switch lets nobody forget one.
enum SampleResults {
  static let secret = "geheim"
  private static let time = Instant.last

  static var all: [AdminResult] { AdminResult.Kind.allCases.flatMap(results) }

  static func results(_ kind: AdminResult.Kind) -> [AdminResult] {
    switch kind {
    case .created: [.created(CreatedDeployment(id: "i", password: secret))]
    case .deployments: [.deployments([]), .deployments([.blank, row])]
    case .status: [.status(.blank), .status(SampleStatus.report)]
    case .deleted: [.deleted]
    case .settings:
      [
        .settings(SettingValues(rows: [])),
        .settings(
          SettingValues(
            rows: DeploymentSetting.allCases.map { .init(setting: $0, value: $0.isSwitch ? "true" : nil) })),
        .settings(SettingValues(rows: [.init(setting: .label, value: "A \"=\" B")])),
      ]
    case .limits: [.limits(.blank), .limits(LimitRows(deployment: .init(rate: 2.5, burst: 3), user: nil))]
    case .password: [.password(NewPassword(username: "i", password: secret))]
    case .token: [.token("O:\(secret)")]
    case .tokens:
      [
        .tokens([]),
        .tokens([
          .blank,
          TokenRow(
            name: "etl", createdAt: time, lastUsedAt: time, lastAddress: "::1", expiresAt: time, isReadOnly: true),
        ]),
      ]
    case .revoked: [.revoked]
    case .deployed: [.deployed(Deployed(version: 2, hash: "h", at: time, effect: effect))]
    case .preview: [.preview(DeployPreview(hash: "h", effect: effect, seconds: 0.125)), .preview(.blank)]
    case .deploys:
      [
        .deploys([
          DeployRow(version: 2, at: time, name: "A", email: "a@b", hash: "h", isCurrent: true, note: "n"), .blank,
        ])
      ]
    case .attachments: [.attachments(.blank), .attachments(findings)]
    case .strays: [.strays([]), .strays(["a", "b"])]
    case .trimmed: [.trimmed(.blank), .trimmed(Trimmed(removed: 3, isDone: true, oldest: .max, heldBy: "n"))]
    case .webhooks: [.webhooks([]), .webhooks([.blank, webhook])]
    case .webhook: [.webhook(webhook)]
    case .secrets:
      [
        .secrets(SecretRows(secret: secret)),
        .secrets(SecretRows(secret: secret, next: "next \(secret)", nextMadeAt: time)),
      ]
    case .deliveries: [.deliveries(.blank), .deliveries(deliveries)]
    case .resent: [.resent(0), .resent(.max)]
    case .person:
      [
        .person(.blank),
        .person(CreatedPerson(id: "i", email: "a@b", name: "A", isOperator: true, link: secret, expiresAt: time)),
      ]
    case .people: [.people(.blank), .people(PeopleRows(people: [.blank, person], invitations: [.blank, invitation]))]
    case .reset: [.reset(ResetLink(id: "i", email: "a@b", lost: .both, link: secret, expiresAt: time))]
    case .audit:
      [
        .audit(.blank),
        .audit(AuditFindings(count: 2, first: 1, last: 2, hash: "h", broken: 2, known: 1, isUnknown: true)),
      ]
    }
  }

  private static let row = DeploymentRow(
    id: "i", name: "n", environment: "testing", appID: "a", createdAt: time, lastDeployedAt: time, hash: "h",
    problem: "p")

  private static let person = PersonRow(
    id: "i", email: "a@b", name: "A", isOperator: true, hasFactor: true,
    roles: [.blank, RoleRow(deployment: "d", roles: Role.allCases, seesSensitive: true)], createdAt: time,
    lastSeenAt: time)

  private static let invitation = InvitationRow(
    kind: .resetBoth, email: "a@b", name: "A", isOperator: true, expiresAt: time)

  private static let effect = DeployEffectRows(
    changeCount: 1001,
    changes: DataModelChange.Kind.allCases.map {
      .init(kind: $0, model: nil, name: "n", sentence: "s", touchesStoredValues: true)
    },
    indexes: [.blank, .init(model: "m", name: "n", objects: 3, seconds: 0.001)])

  private static let findings = AttachmentFindings(
    blobs: 1, bytes: .max, missing: [SampleCommands.hash], damaged: [SampleCommands.hash],
    found: [SampleCommands.hash], orphaned: [SampleCommands.hash], miscounted: ["m"], orphanedBytes: 2,
    next: SampleCommands.hash)

  private static let webhook = WebhookRow(
    name: "n", state: .undeclared,
    declaration: .init(model: "m", type: .update, receiver: .cloudcode, action: "a"), url: "u",
    backlog: .init(position: .max, behind: 1, waiting: 2, parked: 3, lagMilliseconds: 4),
    outcomes: .init(failuresInRow: 5, delivered: 6, failed: 7), isRotating: true)

  private static let event = Deliveries.Event(delivery: "n:1", sequence: 1, object: "o")

  private static let deliveries = Deliveries(
    unfinished: [
      .blank,
      .init(event: event, state: .parked, nextAt: nil, attempts: 9, isReplay: true),
    ],
    attempts: [
      .blank,
      .init(
        event: event, endedAt: time, problem: "p", answer: "\u{0}a\n", number: 2, status: 503, milliseconds: 12),
    ])
}
