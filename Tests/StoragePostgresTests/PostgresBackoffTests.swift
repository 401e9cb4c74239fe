import Testing

@testable import StoragePostgres

@Suite struct PostgresBackoffTests {
  private let fault = PostgresFault(.connecting, "No database listens.")

  @Test func whoComesMeanwhileHearsWhyAndOneTriesAgain() {
    var backoff = PostgresBackoff()
    let start = ContinuousClock.now
    #expect(backoff.begin(start) == nil && backoff.begin(start) == nil)
    backoff.fail(fault, start)
    // The other one of the same time counts as the same failure.
    backoff.fail(fault, start)
    #expect(backoff.begin(start + .milliseconds(99)) == fault)
    #expect(backoff.begin(start + .milliseconds(100)) == nil)
    #expect(backoff.begin(start + .milliseconds(100)) == fault)
    backoff.fail(fault, start + .milliseconds(100))
    #expect(backoff.begin(start + .milliseconds(299)) == fault)
    #expect(backoff.begin(start + .milliseconds(300)) == nil)
    backoff.succeed()
    #expect(backoff.begin(start) == nil && backoff.begin(start) == nil)
  }

  @Test func itIsNeverLongerThanFiveSeconds() {
    var backoff = PostgresBackoff()
    var now = ContinuousClock.now
    for _ in 0..<100 {
      _ = backoff.begin(now)
      backoff.fail(fault, now)
      now += .seconds(5)
      #expect(backoff.begin(now) == nil)
    }
  }

  @Test func statementsThatWereNotUsedForLongestGoFirst() {
    var prepared = PreparedStatements()
    for number in 0...PreparedStatements.mostKept { _ = prepared.name(of: "SELECT \(number)") }
    #expect(prepared.name(of: "SELECT 0") == ("s1", false))
    let surplus = prepared.takeSurplus()
    #expect(surplus.count == 101 && !surplus.contains("s1") && surplus.first == "s2")
    #expect(prepared.count == 400 && prepared.takeSurplus().isEmpty)
    // A name is never given twice.
    #expect(prepared.name(of: "SELECT 1") == ("s502", true))
  }

  @Test(
    arguments: [
      ("FATAL:  28P01: password authentication failed for user \"x\"\nLOCATION:  auth_failed, auth.c:326", "28P01"),
      (
        "connection to server at \"h\" (127.0.0.1), port 1 failed: FATAL:  3D000: database \"y\" does not exist",
        "3D000"
      ),
      ("КРИТИЧЕСКАЯ ОШИБКА:  53300: слишком много клиентов", "53300"),
      ("connection to server at \"h\", port 1 failed: Connection refused", nil), ("", nil), ("a:  ABCDEF", nil),
    ] as [(String, String?)])
  func statesAreFoundInWhateverLanguage(words: String, state: String?) {
    #expect(PostgresFault.state(in: words)?.rawValue == state)
  }
}
