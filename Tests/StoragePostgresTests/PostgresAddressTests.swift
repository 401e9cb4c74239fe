import Testing

@testable import StoragePostgres

@Suite struct PostgresAddressTests {
  @Test(arguments: [
    ("postgresql://sojourn:geheim@db.example:5433/app", "postgresql://sojourn@db.example:5433/app"),
    ("postgres://db/app", "postgresql://db/app"),
    (
      "postgresql://u:p@a:1,b:2/app?target_session_attrs=read-write&sslmode=require",
      "postgresql://u@a:1,b:2/app?sslmode=require"
    ),
    ("postgresql:///app?host=/run/postgresql&user=me&password=geheim", "postgresql://me@/app?host=%2Frun%2Fpostgresql"),
    ("postgresql://[::1]:5432/app", "postgresql://[::1]:5432/app"),
    ("postgresql://u@h/app?sslpassword=geheim", "postgresql://u@h/app"),
  ])
  func isPrintedWithoutSecrets(text: String, printed: String) throws {
    let address = try PostgresAddress(text)
    #expect("\(address)" == printed)
    var dumped = ""
    dump(address, to: &dumped)
    #expect(!dumped.contains("geheim") && !String(reflecting: address).contains("geheim"))
  }

  @Test func namesSeveralHosts() throws {
    let address = try PostgresAddress("postgresql://u:p@a:1,b:2,c:3/app")
    #expect(address.hosts.map(\.description) == ["a:1", "b:2", "c:3"])
    #expect(address.user == "u" && address.database == "app")
    #expect(try PostgresAddress("postgresql://a,b/app?port=5").hosts.map(\.description) == ["a:5", "b:5"])
  }

  @Test(arguments: [
    ("postgresql:///app?host=/run/postgresql", true), ("postgresql://localhost/app", true),
    ("postgresql://127.0.0.1:5433,[::1]/app", true), ("postgresql://u@db.example/app", false),
    ("postgresql://localhost,db.example/app", false), ("postgresql://db.example/app?hostaddr=127.0.0.1", true),
    ("postgresql://localhost/app?hostaddr=10.0.0.7", false),
  ])
  func knowsWhatIsOnThisMachine(text: String, isHere: Bool) throws {
    #expect(try PostgresAddress(text).isOnThisMachine == isHere)
  }

  @Test(arguments: [
    ("mysql://u:geheim@h/app", "must begin with postgresql://"),
    ("", "must begin with postgresql://"),
    ("postgresql://u:geheim%zz@h/app", "two hex digits"),
    ("postgresql://u:geheim@h/app?colour=red", "a setting that PostgreSQL's connections do not have"),
    ("postgresql://u:geheim@h:http/app", "a number from 1 to 65535"),
    ("postgresql://u:geheim@h:70000/app", "a number from 1 to 65535"),
    ("postgresql://u:geheim@h/app?target_session_attrs=standby", "must be read-write or left out"),
    ("postgresql://u:geheim@[::1/app", "postgresql://user:password@host:5432/database"),
    ("postgresql://u:geheim@h/" + String(repeating: "x", count: 5000), "up to 4096 bytes"),
    ("postgresql://" + String(repeating: "h,", count: 20) + "h/app", "up to 16 may be named"),
  ])
  func saysWhatIsWrongAndNotThePassword(text: String, sentence: String) {
    let fault = #expect(throws: PostgresFault.self) { try PostgresAddress(text) }
    #expect(fault?.kind == .address)
    #expect(fault?.sentence.contains(sentence) == true, "\(fault?.sentence ?? "")")
    #expect(fault.map { "\($0)".contains("geheim") } == false)
  }
}
