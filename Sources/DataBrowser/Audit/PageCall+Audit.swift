import Deployments
import HTTPServer
import People
import Storage
import Web
import Wire

// The audit of a deployment and of the server.

extension PageCall {
  /// Entries that are looked at for a file.
  private static let mostForFile: Int64 = 1_000_000

  /// Of the deployment that the address names, else of the whole server.
  func audit(_ view: AuditView) async throws -> Response {
    if let clean = cleanRoute(view) { return DataBrowserHandler.seeOther(clean) }
    let deployment = try visit.route.deployment.map { _ in try inDeployment() }
    var question = try AuditQuestion(view, in: deployment?.id, people: [])
    let reading = AuditReading(people: people, want: question.want, target: view[.target])
    if view.isFile, question.form.isGood { return try await file(view, reading, before: question.before) }
    let found =
      question.form.isGood
      ? try await reading.read(
        before: question.before, limit: AuditPage.limit, lookingAt: AuditPage.mostLookedAt)
      : AuditReading.Found()
    let names = try await names(of: found.entries)
    question = try AuditQuestion(
      view, in: deployment?.id, people: try await choices(view, in: deployment?.id, beside: names))
    let page = AuditPage(
      card: deployment.map { DeploymentCard($0.deployment) }, view: view, form: question.form, found: found,
      names: names, labels: deployment == nil ? deploymentLabels : [:],
      anchor: try await people.store.auditAnchor(), days: people.settings.auditDays)
    let frame = try await deployment?.reading { _ in }.frame ?? plainFrame()
    return DataBrowserHandler.response(page, in: frame, status: question.form.isGood ? 200 : 422)
  }

  /// A form that is sent by GET names fields that are empty; nil where the address is as we write it.
  private func cleanRoute(_ view: AuditView) -> Route? {
    guard let pairs = try? QueryPairs(visit.head.rawQuery), pairs.pairs.count != view.pairs.count else { return nil }
    return visit.route
  }

  /// Written when it is known to be whole, and after its entry in the audit.
  private func file(_ view: AuditView, _ reading: AuditReading, before: Int64?) async throws -> Response {
    let found = try await reading.read(before: before, limit: AuditPage.mostInFile, lookingAt: Self.mostForFile)
    guard found.next == nil else {
      throw PageFault.invalid(
        "There are more than \(Grouped.text(AuditPage.mostInFile)) such entries, or more than "
          + "\(Grouped.text(Int(Self.mostForFile))) to look at, which is too much for one file. Narrow the time.",
        ways: [Crumb("Audit", view.route(in: visit.route.deployment))])
    }
    var draft = people.entry(.export, by: try visitor.person.id, visit.browser, target: "audit")
    draft.deployment = visit.route.deployment
    draft.filter = AuditQuestion.words(of: view)
    draft.count = Int64(found.entries.count)
    try await people.record(draft)
    let csv = AuditCSV(names: try await names(of: found.entries))
    return Response(
      status: 200,
      headers: [
        ("Content-Type", "text/csv; charset=utf-8; header=present"), ("Cache-Control", "no-store"),
        (
          "Content-Disposition",
          "attachment; filename=\"audit-\(visit.route.deployment ?? "server")-\(visit.now.description.prefix(10)).csv\""
        ),
      ] + PageHeaders.isolation, body: .block(csv.bytes(found.entries)))
  }

  // MARK: People and deployments by name.

  private static let mostChoices = 200

  /// Who can be chosen: those with a role in the deployment, whoever did what is shown, and whoever is asked for.
  private func choices(
    _ view: AuditView, in deployment: String?, beside shown: [PersonID: String]
  ) async throws -> [FormField.Option] {
    let known = try await people.all().filter { person in
      deployment.map { person.grant(in: $0) != nil } ?? true
    }
    let all = known.prefix(Self.mostChoices).map { ($0.id, $0.name) } + shown.map { ($0.key, $0.value) }
    let names = Dictionary(all, uniquingKeysWith: { first, _ in first })
    var options = names.map { FormField.Option($0.key.text, $0.value) }.sorted {
      ($0.label, $0.value) < ($1.label, $1.value)
    }
    let asked = view[.person]
    if let person = PersonID(asked), !options.contains(where: { $0.value == asked }) {
      options.append(FormField.Option(asked, try await name(of: person, in: deployment) ?? asked))
    }
    return options
  }

  /// Nil for somebody who never did anything in the deployment: its administrators need not know of them.
  private func name(of person: PersonID, in deployment: String?) async throws -> String? {
    var want = AuditWant(.newest(before: nil), limit: 1)
    (want.person, want.deployment, want.reach) = (person, deployment, AuditPage.mostLookedAt)
    return try await people.audit(want).isEmpty ? nil : people.store.person(person)?.name
  }

  private func names(of entries: [AuditEntry]) async throws -> [PersonID: String] {
    try await people.names(of: Set(entries.compactMap(\.draft.person)))
  }

  private var deploymentLabels: [String: String] {
    Dictionary(
      handler.services.deployments.all.map { ($0.id, DeploymentCard($0).label) },
      uniquingKeysWith: { first, _ in first })
  }
}

extension AuditView {
  func route(in deployment: String?) -> Route { deployment.map { .audit($0, self) } ?? .serverAudit(self) }
}
