import JSON
import Objects
import Storage
import Wire

@testable import QueryLanguage

/// Query strings of lists: filters, order and bounds; and bodies of `query.json`.
enum Queries {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    if let json = try? JSONDocument.read(input.bytes).root, let none = try? QueryPairs("") {
      if let body = try? QueryBody(json, query: none, on: SampleModel.stored) {
        try bounds(body.bounds)
        try plan(body.predicate, body.sort)
      }
      return
    }
    guard let pairs = try? QueryPairs(utf8: input.bytes) else { return }
    let model = SampleModel.stored
    if let found = try? PageBounds(from: pairs) { try bounds(found) }
    _ = LostFilter.first(in: pairs, on: model, besides: ["q", "sort"])?.refused(on: model, unless: "x")
    try feed(pairs)
    let (predicate, sort): (Predicate, [SortKey])
    do throws(ClientFault) {
      (predicate, sort) = (
        try Filters(on: model).predicate(from: pairs), try SortOrder.keys(from: pairs, on: model)
      )
    } catch {
      return try Words.check(error.detail, about: input)
    }
    try plan(predicate, sort)
  }

  private static func feed(_ pairs: QueryPairs) throws(BrokenPromise) {
    guard let feed = try? FeedQuery(from: pairs) else { return }
    try promise(feed.start >= 0 && feed.end >= 0, "a feed begins and ends at positions: \(feed)")
    try promise((1...PageBounds.most).contains(feed.limit), "a part of a feed has bounds: \(feed)")
    try promise((0...FeedQuery.longestWait).contains(feed.waitSeconds), "nobody waits for ever: \(feed)")
  }

  private static func bounds(_ bounds: PageBounds) throws(BrokenPromise) {
    try promise((1...PageBounds.most).contains(bounds.limit) && bounds.skip >= 0, "a page has bounds: \(bounds)")
  }

  /// A plan has an order that decides, and a meaning.
  static func plan(_ predicate: Predicate, _ sort: [SortKey]) throws(BrokenPromise) {
    let plan = ReadPlan(model: SampleModel.stored, predicate: predicate, sort: sort, limit: 1)
    let last = plan.order.last?.column
    try promise(last == .natural || last == .id, "an order decides: \(plan.order)")
    var meaning = ByteWriter()
    predicate.appendMeaning(on: plan.model, to: &meaning)
    try promise(meaning.count > 0 || predicate == .always, "a predicate has a meaning: \(predicate)")
  }
}
