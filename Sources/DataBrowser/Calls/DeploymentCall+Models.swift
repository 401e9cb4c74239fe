import DataModel
import HTTPServer
import Objects
import People
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

  /// The longest that finding by text takes, whatever is left.
  private static let timeOfFinding = Duration.milliseconds(500)
  private static let hitsOfModel = 5
  private static let mostUnsearched = 100

  func find(_ given: String) async throws -> Response {
    let text = given.trimmed
    let card = DeploymentCard(deployment)
    let views = text.isEmpty ? [] : try await page.people.namedViews(in: id, of: visitor)
    let (page, frame) = try await reading { read in
      var page = FindPage(card: card, text: text, models: [], byID: [], hits: [], unsearched: [])
      if text.isEmpty { return page }
      page.models = try read.modelsNamed(CaseFolding.folded(text)).map(read.card)
      page.views = read.views(views, named: CaseFolding.folded(text))
      if let id = ObjectID(text.lowercased()) {
        page.byID = try read.objects(withID: id)
      } else {
        try read.search(text, for: Self.timeOfFinding, atMost: Self.hitsOfModel, into: &page)
      }
      page.unsearched = Array(page.unsearched.prefix(Self.mostUnsearched))
      return page
    }
    if page.byID.count == 1, page.models.isEmpty, page.views.isEmpty, let only = page.byID.first {
      return DataBrowserHandler.seeOther(.object(id, model: only.model, only.id))
    }
    var framed = frame
    framed.jump = text
    return answer(page, in: framed)
  }
}

extension PageRead {
  /// Those of visible models.
  fileprivate func views(_ views: [NamedView], named folded: String) -> [FindPage.View] {
    let fitting = views.lazy.filter { CaseFolding.folded($0.name).contains(folded) }.compactMap { view in
      models[view.model].map {
        FindPage.View(number: view.number, name: view.name, model: $0.stored.model.label)
      }
    }
    return Array(fitting.prefix(DeploymentCall.mostInSideBar))
  }

  fileprivate func modelsNamed(_ folded: String) -> [ModelView] {
    Array(models.all.lazy.filter { $0.isNamed(folded) }.prefix(DeploymentCall.mostInSideBar))
  }

  /// Objects with this id in any model: one question for all of them.
  fileprivate func objects(withID id: ObjectID) throws -> [ObjectLink] {
    let wants = models.all.enumerated().map { Want(number: $0, model: $1.stored, ids: [id], columns: []) }
    var found: [ObjectLink] = []
    var rest = wants
    while !rest.isEmpty {
      let fetched = try snapshot.fetch(rest, attachments: [])
      for (want, page) in zip(rest, fetched.pages) where page.count > 0 {
        let model = models.all[want.number]
        let display = try displays(of: [id], in: model)[id] ?? ""
        found.append(ObjectLink(model: model.name, id: id, display: display))
      }
      rest = fetched.rest
    }
    return found
  }

  /// Searches model after model until the time is over. One that takes long is put off, so that it does not take the
  /// time of the others, and searched with what is left.
  fileprivate func search(_ text: String, for time: Duration, atMost count: Int, into page: inout FindPage) throws {
    let clock = ContinuousClock()
    let deadline = clock.now + time
    var found: [Int: FindPage.Hits] = [:]
    var rest = Array(models.all.indices)
    for share in [time / 5, time] {
      let round = rest
      rest = []
      for index in round {
        let left = min(clock.now.duration(to: deadline), share)
        let hits = left <= .zero ? nil : try hits(of: text, in: models.all[index], atMost: count, within: left)
        if let hits { found[index] = hits } else { rest.append(index) }
      }
    }
    page.hits = found.sorted { $0.key < $1.key }.map(\.value).filter { !$0.links.isEmpty }
    page.unsearched = rest.map { plainCard(models.all[$0]) }
  }

  /// Nil where the time was over first.
  private func hits(
    of text: String, in model: ModelView, atMost count: Int, within limit: Duration
  ) throws -> FindPage.Hits? {
    let predicate = try TextSearch.predicate(for: text, on: model.stored)
    return try snapshot.limited(to: limit) {
      let found = try links(to: model, where: predicate, limit: count)
      return FindPage.Hits(model: plainCard(model), links: found.links, hasMore: found.hasMore)
    }
  }

  private func plainCard(_ model: ModelView) -> Frame.ModelCard {
    Frame.ModelCard(name: model.name, label: model.stored.model.label, count: nil)
  }
}

extension ModelView {
  /// Whether its name or label holds this folded text.
  fileprivate func isNamed(_ folded: String) -> Bool {
    CaseFolding.folded(name).contains(folded) || CaseFolding.folded(stored.model.label).contains(folded)
  }
}

extension String {
  /// Without blanks before and behind, as they come along when one copies.
  var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
