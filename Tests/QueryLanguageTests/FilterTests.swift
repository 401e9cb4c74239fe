import Storage
import Testing
import Wire

@testable import QueryLanguage

@Suite("Filters")
struct FilterTests {
  private func read(_ query: String) throws -> Outcome<Predicate> {
    let model = try Samples.model()
    let pairs = try QueryPairs(query)
    return Outcome { () throws(ClientFault) in try Filters(on: model).predicate(from: pairs) }
  }

  private static let id = ObjectID(high: 0x0190_a6f4_6f5e_4c1b, low: 0x9d0e_2f8f_4f0f_7a11)
  private static let uuid = "0190a6f4-6f5e-4c1b-9d0e-2f8f4f0f7a11"

  @Test(
    "become predicates on the columns that they name",
    arguments: [
      ("text=a", .equal(Columns.text, .text("a"))), ("text.ne=a", .notEqual(Columns.text, .text("a"))),
      ("text=", .equal(Columns.text, .text(""))), ("text.contains=", .containsText(Columns.text, "")),
      ("text.lt=a", .ordered(Columns.text, .less, .text("a"))),
      ("text.contains=a+b", .containsText(Columns.text, "a b")),
      ("text=null", .equal(Columns.text, .text("null"))), ("text.null=true", .isNull(Columns.text)),
      ("text.null=1", .isNull(Columns.text)), ("text.null=false", .isNotNull(Columns.text)),
      ("text.null=0", .isNotNull(Columns.text)), ("text.null=True", .isNull(Columns.text)),
      ("text.ne=", .notEqual(Columns.text, .text(""))),
      ("integer.gte=5", .ordered(Columns.integer, .greaterOrEqual, .integer(5))),
      ("integer.gt=2.5", .ordered(Columns.integer, .greater, .real(2.5))),
      ("integer=5.0", .equal(Columns.integer, .integer(5))), ("integer=%2B05.", .equal(Columns.integer, .integer(5))),
      ("integer.gt=+.5+", .ordered(Columns.integer, .greater, .real(0.5))),
      ("number=.5", .equal(Columns.number, .real(0.5))), ("boolean=FALSE", .equal(Columns.boolean, .integer(0))),
      ("level=007", .equal(Columns.level, .integer(7))), ("codes=+2", .hasKey(Columns.codes, .integer(2))),
      ("date=2013-01-31+UTC", .equal(Columns.date, .integer(15_736))),
      ("datetime=2013-01-31T11:05:00,5+%2B02", .equal(Columns.datetime, .integer(1_359_623_100))),
      ("integer.lte=99999999999", .ordered(Columns.integer, .lessOrEqual, .integer(99_999_999_999))),
      ("number=5", .equal(Columns.number, .real(5))), ("number=-0", .equal(Columns.number, .real(0))),
      ("date.lt=2013-01-31T23:00%2B02:00", .ordered(Columns.date, .less, .integer(15_736))),
      ("datetime.gt=2013-01-31", .ordered(Columns.datetime, .greater, .integer(1_359_590_400))),
      ("boolean=true", .equal(Columns.boolean, .integer(1))),
      ("boolean.lt=1", .ordered(Columns.boolean, .less, .integer(1))),
      ("datetime=2013-01-31", .equal(Columns.datetime, .integer(1_359_590_400))),
      ("datetime.ne=20130131", .notEqual(Columns.datetime, .integer(1_359_590_400))),
      ("choice.contains=Go", .containsText(Columns.choice, "Go")),
      ("next.contains=9d0e-2f", .printedContains(Columns.next, .id, "9d0e-2f")),
      ("next_id.contains=9D0E", .never), ("next.contains=x", .never),
      ("choice=gone", .equal(Columns.choice, .text("gone"))),
      ("choice.gt=a", .ordered(Columns.choice, .greater, .text("a"))),
      ("level.ne=9", .notEqual(Columns.level, .integer(9))),
      ("tags=late", .hasKey(Columns.tags, .text("late"))),
      ("tags.contains=gone", .hasKey(Columns.tags, .text("gone"))),
      ("tags.ne=late", .lacksKey(Columns.tags, .text("late"))),
      ("codes=2", .hasKey(Columns.codes, .integer(2))),
      ("position.null=true", .isNull(Columns.position)), ("route.null=false", .isNotNull(Columns.route)),
      ("next=\(uuid)", .equal(Columns.next, .id(id))), ("next_id=\(uuid)", .equal(Columns.next, .id(id))),
      ("next_id.ne=\(uuid)", .notEqual(Columns.next, .id(id))), ("next.null=true", .isNull(Columns.next)),
      ("next_id.null=false", .isNotNull(Columns.next)),
      ("file_id=\(uuid)", .equal(Columns.file, .id(id))),
      ("photo_id.ne=\(uuid)", .notEqual(Columns.photo, .id(id))),
      ("photo.null=true", .isNull(Columns.photo)),
    ] as [(String, Predicate)])
  func fields(criterion: String, predicate: Predicate) throws {
    let (key, value) = (
      criterion.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)[0],
      criterion.drop { $0 != "=" }
    )
    let expected = Outcome.value(predicate)
    for root in ["q", "query"] {
      #expect(try read("\(root)[\(key)]\(value)") == expected)
      #expect(try read("\(root)%5B\(key)%5D\(value)&limit=5&x[y]=z") == expected)
    }
  }

  @Test(
    "know the hidden names, and that an id that is no lower-case UUID equals nothing",
    arguments: [
      ("id=\(uuid)", .equal(.id, .id(id))), ("_id=\(uuid)", .equal(.id, .id(id))),
      ("id.ne=\(uuid)", .notEqual(.id, .id(id))),
      ("id=\(uuid.uppercased())", .never), ("id=5", .never), ("_id=%00", .never), ("id.ne=5", .always),
      ("next_id=x", .never),
      ("next.ne=x", .always), ("file_id=x", .never), ("file_id.ne=x", .always), ("id.null=true", .never),
      ("id.null=false", .always),
      ("id.contains=0190a6f4-", .printedContains(.id, .id, "0190a6f4-")), ("_id.contains=%00", .never),
      ("id.contains=0190A6F4-", .never), ("id.contains=\(uuid)0", .never),
      ("updated_at=2013-01-31", .equal(.updatedAt, .integer(1_359_590_400))),
      ("updated_at=2013-01-31T09:05:00Z", .equal(.updatedAt, .integer(1_359_623_100))),
      (
        "_updated_at.gte=2013-01-31T09:05:00.9Z",
        .ordered(.updatedAt, .greaterOrEqual, .integer(1_359_623_100))
      ),
      ("_updated_at.ne=2013-01-31", .notEqual(.updatedAt, .integer(1_359_590_400))),
      ("updated_at.null=1", .never),
      ("_type=flight", .always), ("_type=Flight", .never), ("_type.ne=flight", .never),
      ("_type.ne=plane", .always),
      ("_type.null=true", .never),
    ] as [(String, Predicate)])
  func hidden(criterion: String, predicate: Predicate) throws {
    let parts = criterion.split(separator: "=", maxSplits: 1)
    #expect(try read("q[\(parts[0])]=\(parts[1])") == .value(predicate))
  }

  @Test("must all hold; without any, every object matches")
  func conjunction() throws {
    let text = try Samples.column("text")
    #expect(try read("") == .value(.always))
    #expect(try read("limit=5&sort[text]=1") == .value(.always))
    #expect(
      try read("q[text.gt]=a&query[text.lt]=c&q[text.ne]=b&q[text.ne]=bb")
        == .value(
          .all([
            .ordered(text, .greater, .text("a")), .ordered(text, .less, .text("c")),
            .notEqual(text, .text("b")),
            .notEqual(text, .text("bb")),
          ])))
  }

  /// What each kind of field may be asked, as api.md section 13 has it.
  static let allowed: [(String, Set<String>)] = [
    ("text", ["", ".ne", ".lt", ".lte", ".gt", ".gte", ".contains", ".null"]),
    ("integer", comparing), ("number", comparing), ("date", comparing), ("datetime", comparing),
    ("boolean", comparing),
    ("choice", comparing.union([".contains"])), ("level", comparing), ("updated_at", comparing),
    ("_updated_at", comparing),
    ("tags", ["", ".ne", ".contains", ".null"]), ("codes", ["", ".ne", ".contains", ".null"]),
    ("id", comparing.union([".contains"])), ("_id", comparing.union([".contains"])), ("_type", identity),
    ("next", comparing.union([".contains"])), ("next_id", comparing.union([".contains"])),
    ("file_id", identity), ("photo", identity), ("position", [".null"]), ("route", [".null"]),
  ]
  private static let comparing: Set = ["", ".ne", ".lt", ".lte", ".gt", ".gte", ".null"]
  private static let identity: Set = ["", ".ne", ".null"]

  private static let samples = [
    "integer": "5", "number": "5", "date": "2013-01-31", "datetime": "2013-01-31", "boolean": "true",
    "level": "1",
    "codes": "1", "updated_at": "2013-01-31", "_updated_at": "2013-01-31",
  ]

  @Test("take the operators of the field's type, and name them where another is asked", arguments: allowed)
  func operators(name: String, allowed: Set<String>) throws {
    for suffix in ["", ".ne", ".lt", ".lte", ".gt", ".gte", ".contains", ".null"] {
      let value = suffix == ".null" ? "true" : Self.samples[name] ?? "x"
      let outcome = try read("q[\(name)\(suffix)]=\(value)")
      if allowed.contains(suffix) {
        #expect(outcome.status == nil, "\(name)\(suffix): \(outcome)")
      } else {
        #expect(outcome.status == 400, "\(name)\(suffix): \(outcome)")
        let detail = try #require(outcome.detail)
        let list = try #require(detail.split(separator: "; it has ").last)
        let named = Set(list.dropLast().split(separator: ", ").map { $0 == "=" ? "" : String($0) })
        #expect(named == allowed, "\(detail)")
      }
    }
  }

  @Test(
    "of the wrong form are a 400, those with a wrong value a 422",
    arguments: [
      ("q[nosuch]=1", 400, "flight has no field \"nosuch\"."),
      (
        "q[before]=1", 400,
        "before is a has-many of flight and cannot be queried; query the other model instead."
      ),
      ("q[$natural]=1", 400, "flight has no field \"$natural\"."),
      ("q[display]=1", 400, "flight has no field \"display\"."),
      ("q[text_id]=1", 400, "flight has no field \"text_id\"."), ("q[]=1", 400, nil), ("q=1", 400, nil),
      ("q[text][]=1", 400, nil),
      (
        "q[text][ne]=1", 400,
        "A filter is written q[field]=value or q[field.operator]=value, not \"q/text/ne\"."
      ),
      (
        "q[text.in]=a", 400,
        "\"in\" in \"text.in\" is no filter operator; those are ne, lt, lte, gt, gte, contains and null."
      ),
      ("q[text.%3D]=a", 400, nil), ("q[text.]=a", 400, nil), ("q[.ne]=a", 400, nil),
      ("q[text.ne.ne]=a", 400, nil),
      ("q[text.NE]=a", 400, nil), ("q[text.starts+with]=a", 400, nil), ("q[Text]=a", 400, nil),
      ("q[+text]=a", 400, nil),
      ("q[text.null]=", 400, "text.null takes true or false, not \"\"."), ("q[text.null]=yes", 400, nil),
      ("q[position]=1", 400, "position cannot be filtered by =; it has .null."),
      (
        "q[integer]=", 422,
        "integer: \"\" is refused: an empty value is no integer; use .null to find unset ones."
      ),
      ("q[choice.contains]=", 422, nil), ("q[next.contains]=", 422, nil),
      ("q[tags]=", 422, nil), ("q[boolean.ne]=", 422, nil), ("q[choice]=", 422, nil),
      ("q[date.lt]=", 422, nil),
      ("q[id]=", 422, "id: an empty value is no id; use id.null=true to find unset ones."),
      ("q[next_id.ne]=", 422, nil),
      ("q[_updated_at]=", 422, nil), ("q[_updated_at]=yesterday", 422, nil), ("q[integer]=five", 422, nil),
      ("q[integer]=1e400", 422, nil), ("q[number]=NaN", 422, nil), ("q[boolean]=yes", 422, nil),
      ("q[level]=1.5", 422, nil),
      ("q[codes]=x", 422, nil), ("q[date]=2013-02-30", 422, nil), ("q[datetime]=2013-01-31T25:00", 422, nil),
    ] as [(String, Int, String?)])
  func refused(query: String, status: Int, detail: String?) throws {
    let outcome = try read(query)
    #expect(outcome.status == status, "\(outcome)")
    if let detail { #expect(outcome.detail == detail) }
  }

  @Test("are at most a thousand, and long names are cut")
  func bounds() throws {
    let thousand = Array(repeating: "q[integer.ne]=5", count: 1000).joined(separator: "&")
    #expect(try read(thousand).status == nil)
    #expect(try read(thousand + "&q[text]=a").detail == "A request has at most 1000 filters.")
    let long = String(repeating: "x", count: 50_000)
    for query in ["q[\(long)]=1", "q[text.\(long)]=1", "q[\(long)][a]=1", "q[\(long).ne]=1"] {
      let outcome = try read(query)
      #expect(outcome.status == 400)
      #expect((outcome.detail?.utf8.count ?? 0) < 500)
    }
  }
}
