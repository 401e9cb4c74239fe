import Storage
import Testing
import Wire

@testable import QueryLanguage

@Suite("Sort keys")
struct SortOrderTests {
  private func read(_ query: String) throws -> Outcome<[SortKey]> {
    let model = try Samples.model()
    let pairs = try QueryPairs(query)
    return Outcome { () throws(ClientFault) in try SortOrder.keys(from: pairs, on: model) }
  }

  @Test(
    "take a direction in six spellings",
    arguments: [("1", false), ("asc", false), ("ASC", false), ("-1", true), ("desc", true), ("DESC", true)])
  func directions(word: String, descending: Bool) throws {
    let column = try Samples.column("number")
    #expect(try read("sort[number]=\(word)") == .value([SortKey(column: column, descending: descending)]))
    #expect(
      try read("sort%5Bnumber%5D=\(word)&q[x]=1") == .value([SortKey(column: column, descending: descending)])
    )
  }

  @Test("stand in order of appearance")
  func order() throws {
    #expect(try read("limit=5") == .value([]))
    #expect(
      try read(
        "sort[updated_at]=-1&sort[number]=1&sort[next_id]=1&sort[$natural]=-1&sort[id]=1&sort[_updated_at]=1")
        == .value([
          SortKey(column: .updatedAt, descending: true),
          SortKey(column: try Samples.column("number"), descending: false),
          SortKey(column: try Samples.column("next"), descending: false),
          SortKey(column: .natural, descending: true),
          SortKey(column: .id, descending: false), SortKey(column: .updatedAt, descending: false),
        ]))
  }

  @Test(
    "are the fields that have an order",
    arguments: [
      "text", "integer", "number", "date", "datetime", "boolean", "choice", "level", "next", "next_id", "id",
      "_id",
    ])
  func sortable(name: String) throws { #expect(try read("sort[\(name)]=1").status == nil) }

  @Test(
    "of values without an order ask whether there is one",
    arguments: [
      ("tags", 8), ("codes", 9), ("position", 10), ("route", 11), ("file", 12), ("file_id", 12), ("photo", 13),
      ("photo_id", 13),
    ])
  func presence(name: String, position: Int) throws {
    for (word, descending) in [("1", false), ("desc", true)] {
      let key = SortKey(column: .presence(position), descending: descending)
      #expect(try read("sort[\(name)]=\(word)") == .value([key]))
    }
  }

  @Test(
    "are refused with a 400",
    arguments: [
      ("sort[tags_id]=1", "flight has no field \"tags_id\"."),
      (
        "sort[before]=1",
        "before is a has-many of flight and cannot be queried; query the other model instead."
      ),
      ("sort[nosuch]=1", "flight has no field \"nosuch\"."), ("sort[natural]=1", nil), ("sort=number", nil),
      ("sort[]=number", nil),
      ("sort[number][]=1", nil), ("sort[number][a]=1", nil), ("sort[number]=", nil), ("sort[number]=0", nil),
      ("sort[number]=Asc", "sort[number] takes 1, -1, asc or desc, not \"Asc\"."), ("sort[number]=+1", nil),
      ("sort[-number]=1", nil),
    ] as [(String, String?)])
  func refused(query: String, detail: String?) throws {
    let outcome = try read(query)
    #expect(outcome.status == 400, "\(outcome)")
    if let detail { #expect(outcome.detail == detail) }
  }

  @Test("are at most twenty")
  func bounds() throws {
    let twenty = Array(repeating: "sort[number]=1", count: 20).joined(separator: "&")
    #expect(try read(twenty).status == nil)
    #expect(try read(twenty + "&sort[id]=1").detail == "A request has at most 20 sort keys.")
  }

  @Test("A type that all share leaves the others their order, and its direction to ties")
  func type() throws {
    #expect(try read("sort[_type]=1") == .value([]))
    #expect(try read("sort[_type]=-1") == .value([SortKey(column: .natural, descending: true)]))
    let number = SortKey(column: try Samples.column("number"), descending: false)
    #expect(try read("sort[_type]=-1&sort[number]=1") == .value([number]))
    #expect(
      try read("sort[number]=1&sort[_type]=-1")
        == .value([number, SortKey(column: .natural, descending: true)]))
  }
}
