import Testing
import Wire

@Suite("Query strings")
struct QueryStrings {
  private static func pair(_ path: [String], _ value: String, appends: Bool = false) -> QueryPairs.Pair {
    QueryPairs.Pair(path: path, appends: appends, value: value)
  }

  @Test(
    "are pairs in order",
    arguments: [
      ("", []), ("&&", []), ("a=1", [pair(["a"], "1")]), ("a", [pair(["a"], "")]), ("a=", [pair(["a"], "")]),
      ("=1", [pair([""], "1")]), ("a=b=c", [pair(["a"], "b=c")]),
      ("a=1&&b=2&", [pair(["a"], "1"), pair(["b"], "2")]),
      ("limit=&skip=&", [pair(["limit"], ""), pair(["skip"], "")]),
      ("b=1&a=2&b=3", [pair(["b"], "1"), pair(["a"], "2"), pair(["b"], "3")]),
      (
        "sort%5Bupdated_at%5D=-1&sort[$natural]=1",
        [pair(["sort", "updated_at"], "-1"), pair(["sort", "$natural"], "1")]
      ),
      ("q[_updated_at.gt]=2019-02-02T10:00:00Z", [pair(["q", "_updated_at.gt"], "2019-02-02T10:00:00Z")]),
      ("a[b][c]=1", [pair(["a", "b", "c"], "1")]), ("a[0]=1", [pair(["a", "0"], "1")]),
      ("a[]=1", [pair(["a"], "1", appends: true)]), ("a[b][]", [pair(["a", "b"], "", appends: true)]),
      ("a+b=c+d%2B", [pair(["a b"], "c d+")]), ("a=b%26c%3Dd", [pair(["a"], "b&c=d")]),
      ("a%3Db=1", [pair(["a=b"], "1")]), ("a=[]][", [pair(["a"], "[]][")]),
      ("%C3%A9[é]=é", [pair(["é", "é"], "é")]),
      ("a[\u{301}]=1", [pair(["a", "\u{301}"], "1")]), ("a[ ]=1", [pair(["a", " "], "1")]),
    ])
  func pairs(text: String, pairs: [QueryPairs.Pair]) throws {
    #expect(try QueryPairs(text).pairs == pairs)
  }

  @Test(
    "are refused for brackets that do not pair up",
    arguments: [
      "a[", "a]", "a]b[", "a[b", "[x]", "[]", "a[b]c", "a[b]c[d]", "a[[b]]", "a[b]]", "a[b[c]]", "a[]b",
      "a%5B", "a[b][",
    ])
  func malformed(key: String) {
    #expect(throws: FormError.malformedKey(key == "a%5B" ? "a[" : key)) { try QueryPairs("x=1&\(key)=1") }
  }

  @Test("are refused where [] is not the last", arguments: ["a[][b]", "a[][]", "a[b][][c]"])
  func append(key: String) {
    #expect(throws: FormError.appendNotLast(key)) { try QueryPairs("\(key)=1") }
  }

  @Test("are refused for broken encoding, with the byte of the whole text")
  func encoding() {
    #expect(throws: FormError.badEncoding(.init(offset: 6, reason: .badEscape("%zz")))) {
      try QueryPairs("a=1&b=%zz")
    }
    #expect(throws: FormError.badEncoding(.init(offset: 5, reason: .invalidUTF8))) {
      try QueryPairs("a=1&b%FF=1")
    }
    // Each part is decoded by itself: half a character cannot be completed by the next one.
    #expect(throws: FormError.badEncoding(.init(offset: 2, reason: .invalidUTF8))) {
      try QueryPairs("a=%C3&%A9=1")
    }
  }

  @Test("have at most 10,000 pairs, empty parts not counted")
  func count() throws {
    let full = (0..<10_000).map { "k\($0)=1&&" }.joined()
    #expect(try QueryPairs(full).pairs.count == 10_000)
    #expect(throws: FormError.tooManyPairs(limit: 10_000)) { try QueryPairs(full + "a") }
  }

  @Test("nest at most 32 levels")
  func depth() throws {
    let deep = "a" + String(repeating: "[b]", count: 31)
    #expect(try QueryPairs(deep).pairs[0].path.count == 32)
    let deeper = deep + "[b]"
    #expect(throws: FormError.tooDeep(deeper, limit: 32)) { try QueryPairs(deeper) }
    #expect(throws: FormError.self) { try QueryPairs("a" + String(repeating: "[b]", count: 500_000)) }
  }

  @Test("give plain values and what is nested under a name")
  func lookups() throws {
    let query = try QueryPairs("limit=1&q[a.gt]=1&q[b][c]=2&limit=2&q=x&tags[]=3")
    #expect(query["limit"] == "2")
    #expect(query["skip"] == nil)
    #expect(query["tags"] == nil)
    #expect(query["q"] == "x")
    #expect(query.pairs(under: "q") == [Self.pair(["a.gt"], "1"), Self.pair(["b", "c"], "2")])
    #expect(try QueryPairs(nil).pairs.isEmpty)
  }

  @Test("errors name the key, cut, and say what is wrong")
  func words() {
    #expect("\(FormError.tooManyPairs(limit: 10_000))" == "more than 10000 pairs of key and value")
    let long = String(repeating: "k", count: 300) + "["
    #expect(throws: FormError.malformedKey(String(repeating: "k", count: 100) + "…")) { try QueryPairs(long) }
  }
}
