import JSON
import ServerUnderTest

/// Where clients send their requests: one server, or one of several nodes.
struct Site: Sendable {
  let port: UInt16
  let authorization: String
  /// `/api/v4/{deployment}`
  let base: String

  func connection() throws(TestFault) -> HTTPConnection { try HTTPConnection(port: port, seconds: 60) }

  /// All objects, page by page: their numbers by id. `total` and `count.json` must agree with them, and
  /// each note with its number.
  func objects(checkingNotes: Bool = true) throws -> [String: Int64] {
    let connection = try connection()
    var numbers: [String: Int64] = [:]
    var total = 0
    repeat {
      let answer = try connection.request(
        "GET", "\(base)/objects/item.json?limit=1000&skip=\(numbers.count)", authorization: authorization)
      let root = try answer.json(expecting: 200)
      total = Int(root["total"]?.number?.integer ?? -1)
      let before = numbers.count
      for object in root["objects"]?.elements.map({ $0 }) ?? [] {
        guard let id = object["id"]?.string, let number = object["number"]?.number?.integer else {
          throw TestFault("an object without id or number: \(object.rawText)")
        }
        guard !checkingNotes || object["note"]?.string == Author.note(number) else {
          throw TestFault("\(id) has the number of one write and the note of another: \(object.rawText)")
        }
        numbers[id] = number
      }
      if numbers.count == before { break }
    } while numbers.count < total
    let count = try connection.request("GET", "\(base)/objects/item/count.json", authorization: authorization)
      .json(expecting: 200)["count"]?.number?.integer
    guard numbers.count == total, count == Int64(total) else {
      throw TestFault("\(numbers.count) objects are listed, total says \(total), count.json \(count ?? -1)")
    }
    return numbers
  }
}

extension Server {
  var site: Site { Site(port: port, authorization: authorization, base: "/api/v4/\(deployment)") }

  /// As `Site.objects`.
  func objects(checkingNotes: Bool = true) throws -> [String: Int64] {
    try site.objects(checkingNotes: checkingNotes)
  }
}

extension ServerUnderTest {
  var site: Site { Site(port: port, authorization: "Bearer \(token)", base: base) }
}
