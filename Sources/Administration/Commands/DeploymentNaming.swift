import Deployments
import Wire

/// Which deployment is meant: the one of this id, else the one of this name where no other has it.
package enum DeploymentNaming {
  private static let mostTold = 10

  /// The text itself where there is none: whoever looks for it says so.
  /// - Throws: where several have the name.
  package static func id(of text: String, among known: [(id: String, name: String)]) throws(AdminRefusal) -> String {
    if known.contains(where: { $0.id == text }) { return text }
    let ids = known.filter { $0.name == text }.map(\.id).sorted()
    guard ids.count > 1 else { return ids.first ?? text }
    let further = ids.count > mostTold ? " and \(ids.count - mostTold) more" : ""
    throw AdminRefusal(
      "\(ids.count) deployments have the name “\(CutText.cut(text))”: "
        + "\(ids.prefix(mostTold).joined(separator: ", "))\(further).",
      hint: "Give --deployment the id of the one that is meant.")
  }
}

extension Administration {
  /// The command with its deployment's id where it names it by its name. Pages have ids, and never come here.
  package func naming(_ command: AdminCommand) throws(AdminRefusal) -> AdminCommand {
    guard case .deployment(let text, let inner) = command else { return command }
    return .deployment(id: try DeploymentNaming.id(of: text, among: deployments.allNamed), inner)
  }
}
