import PostgresUnderTest
import Storage
import Testing
import Wire

@testable import StoragePostgres

@Suite struct FeedTests {
  private static let schemas = ["0123456789abcdef01234567", "0123456789abcdef01234568"].compactMap {
    DeploymentSchema(deployment: $0)
  }

  @Test func newsReadAsTheyWereWritten() {
    for news in [
      EntryNews(of: Self.schemas[0], last: 0, endsSessions: false, version: 3),
      EntryNews(of: Self.schemas[1], last: .max, endsSessions: true, version: 3),
    ] { #expect(EntryNews(news.text) == news) }
    for text in [
      "", "a 1 0 1", "0123456789abcdef01234567 x 0 1", "0123456789abcdef01234567 1 2 1", "0123456789abcdef01234567 1 0",
      "0123456789abcdef01234567 1 0 v",
    ] { #expect(EntryNews(text) == nil, "\(text)") }
  }

  @Test func theFirstNewsAreToldAtOnceAndLaterOnesGathered() {
    var gathering = NewsGathering()
    let (one, other) = (Self.schemas[0], Self.schemas[1])
    let news = EntryNews(of: one, last: 1, endsSessions: false, version: 3)
    var isBegun = gathering.add(news)
    #expect(isBegun)
    var told = gathering.take()
    #expect(told == [news])
    for (schema, last, ends) in [(one, 2, false), (one, 5, true), (one, 4, false), (other, 9, false)] {
      isBegun = gathering.add(EntryNews(of: schema, last: Int64(last), endsSessions: ends, version: 3))
      #expect(!isBegun)
    }
    told = gathering.take().sorted { $0.last < $1.last }
    #expect(
      told == [
        EntryNews(of: one, last: 5, endsSessions: true, version: 3),
        EntryNews(of: other, last: 9, endsSessions: false, version: 3),
      ])
    told = gathering.take()
    #expect(told.isEmpty && !gathering.isTelling)
    isBegun = gathering.add(EntryNews(of: other, last: 10, endsSessions: false, version: 3))
    #expect(isBegun)
  }

  @Test func aGroupGoesOnAboveAllThatIsKnown() {
    let state = FeedState(FeedStanding(feed: "a", last: 10))
    #expect(state.continued(from: FeedStanding(feed: "a", last: 10)) == FeedStanding(feed: "a", last: 10))
    #expect(state.continued(from: FeedStanding(feed: "b", last: 11)) == FeedStanding(feed: "b", last: 11))
    #expect(state.continued(from: FeedStanding(feed: "b", last: 9)) == FeedStanding(feed: "b", last: 10))
    let renewed = state.continued(from: FeedStanding(feed: "a", last: 9))
    #expect(renewed.last == 10 && renewed.feed.utf8.count == 32)
  }

  @Test func anOlderLookChangesNothing() {
    let state = FeedState(FeedStanding(feed: "a", last: 10))
    state.note(FeedStanding(feed: "b", last: 9))
    state.note(last: 8)
    #expect(state.known == FeedStanding(feed: "a", last: 10))
    state.note(FeedStanding(feed: "b", last: 10))
    state.note(last: 12)
    #expect(state.known == FeedStanding(feed: "b", last: 12))
    state.goBack(to: FeedStanding(feed: "c", last: 3))
    #expect(state.known == FeedStanding(feed: "c", last: 3) && state.feedID == "c")
    #expect(state.takeUse() && !state.takeUse())
  }

  @Test func aDatabaseThatIsGoneIsToldOfOnceAndOneSessionThatEndsIsNot() {
    var reach = DatabaseReach()
    #expect(reach.answered() == nil)
    #expect(reach.failed("It is gone.") == nil && !reach.isCutOff)
    #expect(reach.answered() == nil)
    #expect(reach.failed("It is gone.") == nil)
    #expect(reach.failed("It is gone.")?.contains("cannot be reached") == true && reach.isCutOff)
    #expect(reach.failed("It is gone.") == nil && reach.isCutOff)
    #expect(reach.answered() == "The database answers again." && !reach.isCutOff)
    #expect(reach.answered() == nil)
  }

  @Test func aClockThatGoesWrongIsToldOfOnce() throws {
    var skew = ClockSkew()
    let steps: [(ahead: Int64, told: String?)] = [
      (0, nil), (5000, nil), (-5000, nil), (5001, "5 seconds ahead of"), (90_000, nil), (-7999, nil),
      (10, "agree again"),
      (-7999, "7 seconds behind"),
    ]
    for (number, step) in steps.enumerated() {
      let told = skew.note(ahead: step.ahead)
      #expect((told == nil) == (step.told == nil), "step \(number)")
      if let words = step.told { #expect(told?.contains(words) == true, "step \(number)") }
    }
    let bare = try BareDeployment()
    #expect(try ClockSkew.measure(SystemClock(), on: bare.connection).magnitude < 1000)
  }

  @Test func aFeedIsRenewedOnceHoweverManyFindThatCommitsWereLost() throws {
    let bare = try BareDeployment()
    try bare.commit(1, feed: "a", last: 0)
    try bare.commit(2, feed: "a", last: 90)
    let renewal = FeedRenewal(schema: bare.schema)
    func perform(_ feed: String, _ last: Int64) throws -> FeedStanding {
      try renewal.perform(on: bare.connection, over: FeedStanding(feed: feed, last: last), milliseconds: 0)
    }
    #expect(try perform("a", 90) == FeedStanding(feed: "a", last: 90))
    let renewed = try perform("a", 100)
    #expect(renewed.last == 90 && renewed.feed != "a")
    func floor() throws -> String {
      try bare.database.run("SELECT value FROM \(bare.schema.name).facts WHERE key = 'floor'")
    }
    #expect(try floor() == "100\n")
    // Another node, which knew of more.
    #expect(try perform("a", 110) == renewed)
    #expect(try floor() == "110\n")
    #expect(try perform("a", 105) == renewed)
    #expect(try floor() == "110\n")
    let restored = try renewal.perform(on: bare.connection, milliseconds: 5)
    #expect(restored.floor == 5 << 10 && restored.standing.last == 90 && restored.standing.feed != renewed.feed)
    #expect(try FeedStanding(try bare.connection.rows(FeedStanding.newest(in: bare.schema))) == restored.standing)
    #expect(!bare.connection.isInTransaction)
  }
}
