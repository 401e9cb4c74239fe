import DataModel
import HTTPServer
import Objects
import People
import QueryLanguage
import Storage
import Wire

extension DeploymentCall {
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
      page.unsearchedByWord = Array(page.unsearchedByWord.prefix(Self.mostUnsearched))
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
    page.unsearched = rest.map { plainCard(models.all[$0]) }
    for index in models.all.indices where found[index]?.links.isEmpty ?? true {
      guard let search = DisplaySearch(text, in: self) else { break }
      let left = clock.now.duration(to: deadline)
      let hits = left <= .zero ? nil : try hits(of: search, in: models.all[index], atMost: count, within: left)
      if let hits {
        if !hits.links.isEmpty { found[index] = hits }
      } else if !rest.contains(index) {
        page.unsearchedByWord.append(plainCard(models.all[index]))
      }
    }
    page.hits = found.sorted { $0.key < $1.key }.map(\.value).filter { !$0.links.isEmpty }
  }

  /// Objects whose displays hold all words; nil where the time was over first.
  private func hits(
    of search: DisplaySearch, in model: ModelView, atMost count: Int, within limit: Duration
  ) throws -> FindPage.Hits? {
    try snapshot.limited(to: limit) {
      let found = try search.links(to: model, limit: count)
      return FindPage.Hits(
        model: plainCard(model), links: found.links, hasMore: found.hasMore, isByWord: true)
    }
  }

  /// Nil where the time was over first.
  private func hits(
    of text: String, in model: ModelView, atMost count: Int, within limit: Duration
  ) throws -> FindPage.Hits? {
    let predicate = try TextSearch.predicate(for: text, on: model.stored, seesMasked: false)
    return try snapshot.limited(to: limit) {
      let found = try links(to: model, where: predicate, limit: count)
      return FindPage.Hits(model: plainCard(model), links: found.links, hasMore: found.hasMore)
    }
  }

  private func plainCard(_ model: ModelView) -> Frame.ModelCard {
    Frame.ModelCard(name: model.name, label: model.stored.model.label, count: nil)
  }
}
