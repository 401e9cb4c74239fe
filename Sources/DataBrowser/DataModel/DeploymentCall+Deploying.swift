import DataModel
import Deployments
import HTTPServer
import People
import Storage
import Web
import Wire

// Checking a data model, and deploying one.

extension DeploymentCall {
  /// Under which the session keeps what was checked last, and for how long.
  private var draftName: String { "data-model \(id)" }
  private static let draftSeconds: Int64 = 3600
  /// How long values are looked at that would read otherwise.
  private static let timeForValues = Duration.seconds(2)
  /// Bytes of a document with which the form begins.
  private static let mostAtFirst = 300_000

  // MARK: Checking.

  func checkModel(from version: Int?, _ form: PostForm?) async throws -> Response {
    if let form { return try await check(form) }
    if version == nil, let draft = try await draft() {
      let (page, _) = try await checked(draft)
      return try await respond(page)
    }
    var page = checkPage("")
    page.text = try await firstText(version)
    return try await respond(page)
  }

  /// One begins with what is in force, or with the version that was asked for.
  private func firstText(_ version: Int?) async throws -> String {
    let current = deployment.store.dataModel
    let bytes = version == nil ? current.model.xml : try await deploy(version ?? 1)?.document ?? []
    let isOpen = seesSensitive || hidden(in: [DataModelReader.read(bytes).model, current.model]).names.isEmpty
    return isOpen && bytes.count <= Self.mostAtFirst ? String(decoding: bytes, as: UTF8.self) : ""
  }

  private func check(_ form: PostForm) async throws -> Response {
    let sent = form[ModelCheckPage.file]
    let text = Self.document(sent.isEmpty ? form[ModelCheckPage.document] : sent)
    if let fault = Self.fault(of: text, form) {
      var page = checkPage(text.utf8.count > ModelCheckPage.mostBytes ? "" : text)
      page.fault = fault
      return try await respond(page, status: 422)
    }
    let (page, isGood) = try await checked(text)
    guard isGood else { return try await respond(page, status: 422) }
    try await people.show(text, on: draftName, to: visitor, for: Self.draftSeconds)
    return DataBrowserHandler.seeOther(.modelCheck(id))
  }

  /// What is wrong with a document before it is read.
  private static func fault(of text: String, _ form: PostForm) -> String? {
    let fault = form[ModelCheckPage.fileFault]
    if !fault.isEmpty { return fault }
    let (count, limit) = (text.utf8.count, ModelCheckPage.mostBytes)
    if count <= limit { return nil }
    return "The document has \(Grouped.text(count, "byte")); this page takes \(Grouped.text(limit)). "
      + "`sojourn data-model` checks and deploys larger ones."
  }

  /// Browsers send the line ends of forms as CR LF.
  private static func document(_ sent: String) -> String { sent.replacing("\r\n", with: "\n") }

  private func draft() async throws -> String? { try await people.shown(on: draftName, to: visitor)?.secret }

  private func checkPage(_ text: String) -> ModelCheckPage {
    ModelCheckPage(
      card: DeploymentCard(deployment), text: text, mayDeploy: visitor.has(.administrator, in: id),
      ticket: visit.ticket(.modelCheck(id)))
  }

  private func checked(_ text: String) async throws -> (page: ModelCheckPage, isGood: Bool) {
    var page = checkPage(text)
    let bytes = Array(text.utf8)
    let (model, findings) = DataModelReader.read(bytes)
    page.checked = .init(document: DocumentLines(bytes, hiding: .none, findings), findings: findings)
    guard let model else { return (page, false) }
    let (outlook, fault) = try await look(at: model)
    page.checked?.outlook = outlook
    page.fault = fault
    return (page, fault == nil)
  }

  /// What deploying it would change, or why it cannot be deployed.
  private func look(at model: DataModel) async throws -> (outlook: DeployOutlook?, fault: String?) {
    do {
      return (try await outlook(of: model), nil)
    } catch let fault as DeploymentFault {
      return (nil, fault.sentence)
    } catch StorageError.unusable(let sentence) {
      return (nil, sentence)
    }
  }

  private func respond(_ page: some Page, status: Int = 200) async throws -> Response {
    answer(page, in: try await reading { _ in }.frame, status: status)
  }

  /// - Throws: `DeploymentFault`, `StorageError`.
  private func outlook(of model: DataModel) async throws -> DeployOutlook {
    let current = deployment.store.dataModel
    let effect = try await registry.preview(model, of: id)
    let retyped = try await registry.retyped(by: model, of: id, within: Self.timeForValues)
    let models = [current.model, model]
    let hidden = hidden(in: models)
    let told = effect.changes.filter { hidden.allows($0, models) }
    return DeployOutlook(
      changes: told, untold: effect.changes.count - told.count,
      retyped: retyped.filter { !hidden.names.contains($0.model) },
      buildings: effect.buildings.filter { !hidden.names.contains($0.model) }, seconds: effect.secondsHoldingUp ?? 0)
  }

  // MARK: Deploying.

  func deployModel(_ version: Int?, _ form: PostForm?) async throws -> Response {
    if let form { return try await page.once(form) { try await deploy(form) } }
    let source: ModelDeployPage.Source
    if let version {
      source = .version(version)
    } else {
      guard let draft = try await draft() else { return DataBrowserHandler.seeOther(.modelCheck(id)) }
      source = .document(draft)
    }
    // Unless it is told otherwise, the history says which version came back.
    let note = version.map { "Back to version \($0)" } ?? ""
    let page = try await deployPage(source, try await model(of: source), ModelDeployPage.form(note: note))
    return try await respond(page, status: page.fault == nil ? 200 : 422)
  }

  /// - Throws: `PageFault` where there was no such deploy, or its document is none any more.
  private func model(of source: ModelDeployPage.Source) async throws -> DataModel {
    let ways = [Crumb("Data model", .dataModel(id)), Crumb("Check a data model", .modelCheck(id))]
    switch source {
    case .document(let text):
      guard let model = DataModelReader.read(Array(text.utf8)).model else {
        throw PageFault.invalid("The document has errors. Check it to see them at their lines.", ways: ways)
      }
      return model
    case .version(let version):
      guard let deploy = try await deploy(version) else {
        throw PageFault.notFound("There was no deploy of version \(version).", ways: ways)
      }
      guard let model = DataModelReader.read(deploy.document).model else {
        throw PageFault.invalid("The document of version \(version) no longer passes the checks.", ways: ways)
      }
      return model
    }
  }

  private func deployPage(
    _ source: ModelDeployPage.Source, _ model: DataModel, _ form: Form
  ) async throws -> ModelDeployPage {
    let over = deployment.store.dataModel.version
    let (outlook, fault) = try await look(at: model)
    return ModelDeployPage(
      card: DeploymentCard(deployment), source: source, over: over, outlook: outlook, form: form, fault: fault,
      ticket: visit.ticket(.modelDeploy(id)))
  }

  private func deploy(_ sent: PostForm) async throws -> PageCall.Once {
    let source: ModelDeployPage.Source =
      Int(sent[ModelDeployPage.version]).map { .version($0) }
      ?? .document(Self.document(sent[ModelDeployPage.document]))
    let model = try await model(of: source)
    var form = ModelDeployPage.form()
    guard let container = try? FormContainer(sent.pairs) else { throw PageFault.unreadableForm }
    form.read(container)
    let note = form[ModelDeployPage.note]
    if let problem = DeploymentFault.problem(with: note, of: "A note") { form.refuse(ModelDeployPage.note, problem) }
    guard form.isGood else {
      return .refused(try await respond(try await deployPage(source, model, form), status: 422))
    }
    let over = Int(sent[ModelDeployPage.overVersion]) ?? 0
    if over != deployment.store.dataModel.version { return try await conflict(source, model, form) }
    do {
      let terms = DeployTerms(
        by: Person(name: visitor.person.name, email: visitor.person.email),
        note: note.isEmpty ? nil : note, over: over)
      let stored = try await audited(.deploy, Self.words(source, over: over)) {
        try await registry.deploy(model, to: id, terms).stored
      }
      return .done(.dataModel(id, done: stored.version))
    } catch StorageError.replan {
      return try await conflict(source, model, form)
    } catch let fault as DeploymentFault {
      var page = try await deployPage(source, model, form)
      page.fault = fault.sentence
      return .refused(try await respond(page, status: 422))
    }
  }

  /// For the audit.
  private static func words(_ source: ModelDeployPage.Source, over version: Int) -> String {
    switch source {
    case .document: "data model over version \(version)"
    case .version(let back): "data model of version \(back) over version \(version)"
    }
  }

  private func conflict(
    _ source: ModelDeployPage.Source, _ model: DataModel, _ form: Form
  ) async throws -> PageCall.Once {
    var page = try await deployPage(source, model, form)
    page.conflict = try await registry.deploys(of: id).first
    return .refused(try await respond(page, status: 409))
  }
}
