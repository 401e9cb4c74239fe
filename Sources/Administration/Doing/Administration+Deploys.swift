import DataModel
import Deployments
import Storage

// Data models of a deployment.

extension Administration {
  func deploy(_ model: DataModel, to id: String, by person: Person?, note: String?) async throws -> AdminResult {
    let terms = DeployTerms(by: try checked(person), note: try checked(note: note))
    let (stored, effect) = try await deployments.deploy(model, to: id, terms)
    return .deployed(Deployed(stored, effect))
  }

  func preview(_ model: DataModel, of id: String) async throws -> AdminResult {
    let effect = try await deployments.preview(model, of: id)
    return .preview(
      DeployPreview(
        hash: model.hash, effect: DeployEffectRows(effect),
        seconds: DeployEffectRows.estimate(effect.secondsHoldingUp ?? 0)))
  }

  /// The latest first.
  func listDeploys(of id: String) async throws -> AdminResult {
    .deploys(
      try await deployments.deploys(of: id).enumerated().map { index, deploy in
        DeployRow(deploy, isCurrent: index == 0)
      })
  }

  func model(_ document: String) throws(AdminRefusal) -> DataModel {
    let (model, findings) = DataModelReader.read(Array(document.utf8))
    guard let model else {
      let errors = findings.filter { $0.severity == .error }.map(\.description).joined(separator: "\n")
      throw AdminRefusal("The data model has errors:\n\(errors)")
    }
    return model
  }

  private func checked(note: String?) throws(AdminRefusal) -> String? {
    guard let note, !note.isEmpty else { return nil }
    if note.unicodeScalars.count > DeployTerms.longestNote {
      throw AdminRefusal(
        "A note has at most \(DeployTerms.longestNote) characters; this one has \(note.unicodeScalars.count).")
    }
    if let problem = DeploymentFault.problem(with: note, of: "A note") { throw AdminRefusal(problem) }
    return note
  }

  func checked(_ person: Person?) throws(AdminRefusal) -> Person? {
    for text in [person?.name, person?.email] {
      if let text, let problem = DeploymentRegistry.problem(withName: text, of: "A person", most: 200) {
        throw AdminRefusal(problem)
      }
    }
    return person
  }
}
