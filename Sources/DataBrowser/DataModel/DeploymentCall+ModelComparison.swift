import DataModel
import Deployments
import HTTPServer
import People
import Storage
import Web
import Wire

extension DeploymentCall {
  /// Deploys to choose from; of a longer history the number is typed.
  private static let mostChoices = 200

  func compareModels(_ from: Int?, _ to: Int?) async throws -> Response {
    let all = try await registry.deploys(of: id)
    let current = all.first?.version ?? 1
    let wanted = (from: from ?? max(1, current - 1), to: to ?? current)
    var form = Self.form(all, wanted)
    var compared: ModelComparisonPage.Compared?
    if from != nil || to != nil {
      if let old = try await deploy(wanted.from), let new = try await deploy(wanted.to) {
        compared = self.compared(old, new)
      } else {
        for (name, version) in [(ModelComparisonPage.from, wanted.from), (ModelComparisonPage.to, wanted.to)]
        where !all.contains(where: { $0.version == version }) {
          form.refuse(name, "There was no deploy of version \(version).")
        }
      }
    }
    let page = ModelComparisonPage(card: DeploymentCard(deployment), form: form, compared: compared)
    return answer(page, in: try await reading { _ in }.frame, status: form.isGood ? 200 : 422)
  }

  private static func form(_ all: [DeployRecord], _ wanted: (from: Int, to: Int)) -> Form {
    let choices = all.map { FormField.Option("\($0.version)", "Version \($0.version), \($0.at.description)") }
    // Radios would push what is looked for off the page.
    let kind: FormField.Kind = (8...mostChoices).contains(choices.count) ? .choice(choices) : .word
    let newest = "From 1 to \(all.first?.version ?? 1)."
    return Form(
      [
        FormField(ModelComparisonPage.from, "From version", kind, hint: newest),
        FormField(ModelComparisonPage.to, "To version", kind, hint: newest),
      ], values: [ModelComparisonPage.from: "\(wanted.from)", ModelComparisonPage.to: "\(wanted.to)"])
  }

  private typealias Deploy = (record: DeployRecord, document: [UInt8])

  private func compared(_ old: Deploy, _ new: Deploy) -> ModelComparisonPage.Compared {
    let models = [DataModelReader.read(old.document).model, DataModelReader.read(new.document).model]
    let hidden = hidden(in: models + [deployment.store.dataModel.model])
    var changes: [DataModelChange] = []
    if let before = models[0], let after = models[1] { changes = after.changes(since: before) }
    let told = changes.filter { hidden.allows($0, models) }
    let (oldLines, newLines) = (Self.lines(old.document, hidden), Self.lines(new.document, hidden))
    let difference = LineDiff(oldLines, newLines)
    let excerpt = difference.excerpt(around: 3)
    return ModelComparisonPage.Compared(
      from: old.record, to: new.record, changes: told, untold: changes.count - told.count,
      fault: models.contains { $0 == nil }
        ? "One of the two no longer passes the checks of this version, so that their meaning cannot be compared." : nil,
      lines: excerpt.prefix(ModelComparisonPage.mostLines).map { step in
        step.map { ModelComparisonPage.Line(step: $0, text: Self.text(of: $0, oldLines, newLines)) }
      }, isRough: difference.isRough, more: max(0, excerpt.count - ModelComparisonPage.mostLines))
  }

  private static func text(of step: LineDiff.Step, _ old: [String], _ new: [String]) -> String {
    switch step {
    case .same(_, let index), .added(let index): CutText.cut(new[index], to: MarkupLines.mostOfLine)
    case .removed(let index): CutText.cut(old[index], to: MarkupLines.mostOfLine)
    }
  }

  /// The lines of a document; in the place of those that the visitor may not see stands that they are not open.
  private static func lines(_ bytes: [UInt8], _ hidden: HiddenModels) -> [String] {
    let ranges = hidden.names.isEmpty ? [] : DataModelReader.lines(about: hidden.names, in: bytes)
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return lines.enumerated().map { index, line in
      if ranges.contains(where: { $0.contains(index + 1) }) { return "… not open to you" }
      return String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
    }
  }
}
