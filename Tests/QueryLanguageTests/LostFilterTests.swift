import Testing
import Wire

@testable import QueryLanguage

/// Parameters that are filters without their `q`, and those that are not meant.
@Suite("Filters that lost their q")
struct LostFilterTests {
  private func found(_ query: String) throws -> LostFilter? {
    LostFilter.first(
      in: try QueryPairs(query), on: try Samples.model(), besides: ["q", "query", "sort", "limit", "number"])
  }

  @Test(
    "are known, and shown as they should be written",
    arguments: [
      ("choice=landed", "q[choice]=landed"), ("integer.gte=5", "q[integer.gte]=5"), ("text.null=", "q[text.null]="),
      ("next=x", "q[next]=x"), ("next_id.ne=x", "q[next_id.ne]=x"), ("photo=x", "q[photo]=x"),
      ("photo_id=x", "q[photo_id]=x"), ("id=x", "q[id]=x"), ("updated_at.gt=2013", "q[updated_at.gt]=2013"),
      ("choice[]=landed", "q[choice]=landed"), ("integer[gte]=5", "q[integer.gte]=5"), ("choice", "q[choice]="),
      ("position[latitude]=1", "q[position]=1"), ("limit=5&q[text]=a&text=b", "q[text]=b"),
      ("ch%6Fice=a%26b", "q[choice]=a&b"),
    ])
  func lost(query: String, spelling: String) throws {
    let fault = try #require(try found(query)).refused(on: try Samples.model(), unless: "x")
    #expect(fault.detail.contains(" a filter is written \(spelling). "), "\(fault.detail)")
  }

  @Test(
    "are not what the route knows, what begins with an underscore, and what is no field",
    arguments: [
      "", "q[choice]=landed", "query[choice]=landed", "sort[choice]=1", "limit=5", "number=5", "number[]=5", "_id=x",
      "_type=flight", "_updated_at.gt=2013", "_=1372", "type=flight", "display=x", "Choice=landed", "choices=landed",
      "before=x", "integer.more=5", "integer.=5", ".ne=5", "=5", "text_id=x", "choice%20=landed", "x[choice]=landed",
    ])
  func others(query: String) throws { #expect(try found(query) == nil) }

  @Test("are cut to what a person can read")
  func long() throws {
    let fault = try #require(try found("choice=" + String(repeating: "x", count: 10_000)))
    #expect(fault.refused(on: try Samples.model(), unless: "x").detail.utf8.count < 500)
  }
}
