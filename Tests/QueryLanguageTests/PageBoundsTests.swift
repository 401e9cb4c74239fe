import Testing
import Wire

@testable import QueryLanguage

@Suite("Bounds of a page")
struct PageBoundsTests {
  private func read(_ query: String) throws -> Outcome<PageBounds> {
    let pairs = try QueryPairs(query)
    return Outcome { () throws(ClientFault) in try PageBounds(from: pairs) }
  }

  @Test(
    "follow api.md section 6",
    arguments: [
      ("", 1000, 0, nil), ("limit=&skip=&", 1000, 0, nil), ("limit=0&skip=0", 1000, 0, nil),
      ("limit=1", 1, 0, nil),
      ("limit=999&skip=1", 999, 1, nil), ("limit=1000", 1000, 0, nil), ("limit=1001", 1000, 0, nil),
      ("limit=007", 7, 0, nil),
      ("limit=99999999999999999999999", 1000, 0, nil), ("skip=99999999999999999999999", 1000, .max, nil),
      ("skip=100000", 1000, 100_000, nil), ("limit=5&limit=7", 7, 0, nil), ("limit=5&limit=", 1000, 0, nil),
      ("total=true", 1000, 0, true), ("total=1", 1000, 0, true), ("total=false", 1000, 0, false),
      ("total=0", 1000, 0, false), ("total=TRUE", 1000, 0, true), ("total=False", 1000, 0, false),
      ("total=", 1000, 0, nil), ("total=true&total=false", 1000, 0, false),
      ("other[]=x&other[a]=6", 1000, 0, nil),
      ("limit", 1000, 0, nil),
    ] as [(String, Int, Int, Bool?)])
  func bounds(query: String, limit: Int, skip: Int, total: Bool?) throws {
    guard case .value(let bounds) = try read(query) else {
      Issue.record("it was refused")
      return
    }
    #expect(bounds.limit == limit)
    #expect(bounds.skip == skip)
    #expect(bounds.total == total)
  }

  @Test(
    "that are no numbers are a 400",
    arguments: [
      ("limit=-1", "limit takes a whole number from 0 on, not \"-1\"."), ("limit=+1", nil),
      ("limit=1.0", nil), ("limit=1e3", nil),
      ("limit=all", nil), ("limit=0x10", nil), ("limit=%D9%A3", nil),
      ("skip=-5", "skip takes a whole number from 0 on, not \"-5\"."),
      ("skip=x", nil), ("total=yes", "total takes true or false, not \"yes\"."), ("total=T", nil),
      ("limit=x&limit=5", nil),
      ("limit[]=5", "limit takes one value and is written without brackets: limit=5."), ("limit[0]=5", nil),
      ("limit[gt]=5", nil), ("limit=5&limit[]=", nil), ("skip[]=", nil), ("total[]=true", nil), ("after[]=x", nil),
    ] as [(String, String?)])
  func refused(query: String, detail: String?) throws {
    let outcome = try read(query)
    #expect(outcome.status == 400)
    if let detail { #expect(outcome.detail == detail) }
  }
}
