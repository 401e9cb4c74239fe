import Testing
import Wire

@Suite("Forms")
struct Forms {
  private static func container(_ entries: (String, FormTree)...) -> FormTree {
    .container(FormContainer(entries.map { FormContainer.Entry(key: $0.0, value: $0.1) }))
  }

  @Test(
    "nest as web frameworks do it",
    arguments: [
      ("", container()),
      ("flight[tail_number]=N14228", container(("flight", container(("tail_number", .text("N14228")))))),
      (
        "flight[tags][]=late&flight[tags][]=rebooked",
        container(("flight", container(("tags", .list(["late", "rebooked"])))))
      ),
      (
        "flight[b]=2&x=1&flight[a]=3",
        container(("flight", container(("b", .text("2")), ("a", .text("3")))), ("x", .text("1")))
      ),
      (
        "f[position][latitude]=40.6&f[position][longitude]=-74.1",
        container(
          (
            "f",
            container(("position", container(("latitude", .text("40.6")), ("longitude", .text("-74.1")))))
          ))
      ),
      ("a[0]=x&a[1]=y", container(("a", container(("0", .text("x")), ("1", .text("y")))))),
      ("a=1&a=2", container(("a", .text("2")))), ("a[]=", container(("a", .list([""])))),
      ("a=", container(("a", .text("")))), ("a[b]=+%2B", container(("a", container(("b", .text(" +")))))),
    ])
  func nested(text: String, expected: FormTree) throws {
    #expect(try .container(FormContainer(utf8: Array(text.utf8))) == expected)
  }

  @Test(
    "are refused for a key used as two things",
    arguments: [
      ("a=1&a[b]=2", "a[b]"), ("a[b]=2&a=1", "a"), ("a[]=1&a=2", "a"), ("a=2&a[]=1", "a[]"),
      ("a[]=1&a[b]=2", "a[b]"), ("a[b]=1&a[]=2", "a[]"), ("f[a][b]=1&f[a]=2", "f[a]"),
      ("f[a]=1&f[a][b][c]=2", "f[a][b][c]"),
    ])
  func clashes(text: String, key: String) {
    #expect(throws: FormError.clash(key)) { try FormContainer(utf8: Array(text.utf8)) }
  }

  @Test("a list of one empty text is the empty list")
  func emptyList() throws {
    let form = try FormContainer(utf8: Array("a[]=&b[]=&b[]=&c[]=x&d=".utf8))
    #expect(form["a"]?.texts == [])
    #expect(form["b"]?.texts == ["", ""])
    #expect(form["c"]?.texts == ["x"])
    #expect(form["d"]?.texts == nil)
    #expect(form["missing"] == nil)
  }

  @Test("of 10,000 keys that share a container find each one")
  func many() throws {
    let text = (0..<10_000).map { "flight[k\($0)]=\($0)" }.joined(separator: "&")
    let form = try FormContainer(utf8: Array(text.utf8))
    guard case .container(let flight) = form["flight"] else {
      Issue.record("no container")
      return
    }
    #expect(flight.entries.count == 10_000)
    #expect((0..<10_000).allSatisfy { flight["k\($0)"] == .text("\($0)") })
  }

  @Test(
    "numbered keys are a list where they are exactly 0 to n - 1",
    arguments: [
      ("0", "0"), ("0,1,2", "0,1,2"), ("2,0,1", "0,1,2"), ("1", nil), ("0,2", nil), ("0,00", nil), ("0,a", nil),
      ("+0", nil), ("-0", nil), ("0,1,1", nil), ("", nil), ("0,1,99999999999999999999", nil), ("0,-1", nil),
    ] as [(String, String?)])
  func numbered(keys: String, values: String?) {
    let entries = keys.split(separator: ",").map { (key: String($0), value: String($0)) }
    #expect(NumberedKeys.values(entries)?.joined(separator: ",") == values)
  }
}
