import DataModel
import HTTPServer
import Objects
import QueryLanguage
import Storage
import Wire

extension DeploymentCall {
  func models(_ text: String, byName: Bool) async throws -> Response {
    let wanted = CaseFolding.folded(text)
    let (content, frame) = try await reading { read in
      let all = read.models.all
      var shown = wanted.isEmpty ? all : all.filter { $0.isNamed(wanted) }
      if byName { shown.sort { $0.stored.model.label.lowercased() < $1.stored.model.label.lowercased() } }
      return (cards: try shown.map(read.card), total: all.count)
    }
    let page = ModelsPage(
      card: DeploymentCard(deployment), models: content.cards, total: content.total, text: text, byName: byName)
    return answer(page, in: frame)
  }
}

extension ModelView {
  /// Whether its name or label holds this folded text.
  func isNamed(_ folded: String) -> Bool {
    CaseFolding.folded(name).contains(folded) || CaseFolding.folded(stored.model.label).contains(folded)
  }
}

extension String {
  /// Without blanks before and behind, as they come along when one copies.
  var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
