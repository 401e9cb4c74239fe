import DataModel
import Objects
import QueryLanguage
import Storage
import Wire

/// Finds objects by text, model after model, in a bounded time.
///
/// 1. What displays are called, exactly: numbers that equal a word, texts that begin with one. It has a quarter of the
///    time, and stands first on the page.
/// 2. What holds the text in any field: what the API's search finds.
/// 3. What has the single words of several in its display, where the text as a whole is in no field.
struct ObjectFinding {
  let read: PageRead
  let query: FindText
  /// Objects of one model that are shown.
  let count: Int
  private let start = ContinuousClock.now
  private let time: Duration

  /// Of what is looked up as exact, so many are held against each other.
  private static let mostExact = 20

  init(_ query: FindText, in read: PageRead, for time: Duration, atMost count: Int) {
    self.read = read
    self.query = query
    self.time = time
    self.count = count
  }

  private typealias Hits = FindPage.Hits

  func find(into page: inout FindPage) throws {
    let all = Array(read.models.all.indices)
    let exact = try exactHits(all).found
    let searched = try ask(all, shares: [time / 5, time], until: time) { try search($0) }
    page.unsearched = searched.rest.map { card(read.models.all[$0]) }
    var found = searched.found.filter { !$0.value.objects.isEmpty }
    let words = try hitsByWord(all.filter { found[$0] == nil && exact[$0]?.objects.count ?? 0 < count })
    page.unsearchedByWord = words.rest.filter { !searched.rest.contains($0) }.map { card(read.models.all[$0]) }
    for hits in [words.found, exact] { found.merge(hits) { merged($0, $1) } }
    // What the first one of a model is like says where the model stands.
    page.hits = found.filter { !$0.value.objects.isEmpty }
      .sorted { ($0.value.rank, $0.key) < ($1.value.rank, $1.key) }.map(\.value)
  }

  private func merged(_ hits: Hits, _ more: Hits) -> Hits {
    var hits = hits
    var known: Set<ObjectID> = []
    // Equal ones stay in their order, the exact ones first.
    let objects = (more.objects + hits.objects).filter { known.insert($0.link.id).inserted }
    let sorted = objects.enumerated().sorted {
      ($0.element.match.rank, $0.offset) < ($1.element.match.rank, $1.offset)
    }.map(\.element)
    hits.hasMore = hits.hasMore || more.hasMore || sorted.count > count
    hits.objects = Array(sorted.prefix(count))
    return hits
  }

  // MARK: The three ways

  private func exactHits(_ models: [Int]) throws -> (found: [Int: Hits], rest: [Int]) {
    guard let search = DisplaySearch(query, in: read, .exact) else { return ([:], []) }
    return try ask(models, shares: [time / 20, time / 4], until: time / 4) { model in
      try search.predicate(on: model).map { try hits($0, model, Self.mostExact, isByWord: query.words.count > 1) }
    }
  }

  private func search(_ model: ModelView) throws -> Hits? {
    try hits(try TextSearch.predicate(for: query.text, on: model.stored, seesMasked: false), model, count)
  }

  /// One word that stands in a display is found by a search; several need not stand in one field.
  private func hitsByWord(_ models: [Int]) throws -> (found: [Int: Hits], rest: [Int]) {
    guard query.words.count > 1, let search = DisplaySearch(query, in: read, .anywhere) else { return ([:], []) }
    return try ask(models, shares: [time], until: time) { model in
      try search.predicate(on: model).map { try hits($0, model, count, isByWord: true) }
    }
  }

  private func hits(
    _ predicate: Predicate, _ model: ModelView, _ limit: Int, isByWord: Bool = false
  ) throws -> Hits {
    let found = try read.gather(model, where: predicate, limit: limit) { [query] in FoundObject($0, of: query) }
    let hits = Hits(model: card(model), objects: found.items, hasMore: found.hasMore, isByWord: isByWord)
    return merged(hits, hits)
  }

  private func card(_ model: ModelView) -> Frame.ModelCard {
    Frame.ModelCard(name: model.name, label: model.stored.model.label, count: nil)
  }

  // MARK: Time

  /// Asks model after model. One that takes longer than the first share is put off, so that it does not take the time of
  /// the others, and asked again with the next one.
  /// - Parameter end: counted from the start of the finding.
  /// - Returns: what was found, by the index of its model, and the models for which there was no time.
  private func ask(
    _ models: [Int], shares: [Duration], until end: Duration, _ body: (ModelView) throws -> Hits?
  ) throws -> (found: [Int: Hits], rest: [Int]) {
    var found: [Int: Hits] = [:]
    var rest = models
    for share in shares {
      let round = rest
      rest = []
      for index in round {
        let left = min(end - start.duration(to: .now), share)
        // Nil twice over: no time, or nothing to ask for.
        let hits: Hits?? =
          left <= .zero ? nil : try read.snapshot.limited(to: left) { try body(read.models.all[index]) }
        if let hits { found[index] = hits } else { rest.append(index) }
      }
    }
    return (found, rest)
  }
}
