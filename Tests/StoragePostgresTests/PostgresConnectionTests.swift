import PostgresUnderTest
import Storage
import StoragePostgres
import Testing
import Wire

@Suite struct PostgresConnectionTests {
  private func connect(as role: PostgresRole = .writer) throws -> PostgresConnection {
    let database = try PostgresCluster.shared().database()
    return try PostgresConnection.open(try PostgresAddress(database.address), as: role)
  }

  private let id = ObjectID(high: 0x0123_4567_89ab_cdef, low: 0xfedc_ba98_7654_3210)

  @Test func valuesOfAllTypesComeBackAsTheyWent() throws {
    let row = try connect().rows("SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, 7::int4, 8::int2") {
      $0.add(integer: Int64.min)
      $0.add(real: -1.5e300)
      $0.add(id: id)
      $0.add(text: "Größe\u{1F600}")
      $0.add(bytes: [0, 1, 255] as [UInt8])
      $0.add(isTrue: true)
      $0.add(text: "")
      $0.add(bytes: [] as [UInt8])
      $0.addNull(.integer)
    }[0]
    #expect(try row.integer(0) == Int64.min)
    #expect(try row.real(1) == -1.5e300)
    #expect(try row.id(2) == id)
    #expect(try row.text(3) == "Größe\u{1F600}")
    #expect(try row.bytes(4) == [0, 1, 255])
    #expect(try row.isTrue(5))
    #expect(try row.textIfAny(6) == "" && row.bytesIfAny(7) == [])
    #expect(try row.integerIfAny(8) == nil && row.isNull(8))
    #expect(try row.integer(9) == 7 && row.integer(10) == 8)
  }

  @Test func arraysAreUnnestedWithTheirNulls() throws {
    let rows = try connect().rows("SELECT * FROM unnest($1, $2, $3, $4, $5, $6)") {
      $0.addArray(.integer) { for n in 1...3 as ClosedRange<Int64> { n == 2 ? $0.addNull() : $0.add(integer: n) } }
      $0.addArray(.text) { for text in ["a", "", "ö"] { $0.add(text: text) } }
      $0.addArray(.bytes) { for byte in 0..<3 as Range<UInt8> { $0.add(bytes: [byte]) } }
      $0.addArray(.id) { for _ in 0..<3 { $0.add(id: id) } }
      $0.addArray(.real) { for real in [0.5, 1.5, 2.5] { $0.add(real: real) } }
      $0.addArray(.truth) { for isTrue in [true, false, true] { $0.add(isTrue: isTrue) } }
    }
    #expect(try rows.map { row throws(StorageError) in try row.integerIfAny(0) } == [1, nil, 3])
    #expect(try rows.map { row throws(StorageError) in try row.text(1) } == ["a", "", "ö"])
    #expect(try rows.map { row throws(StorageError) in try row.bytes(2) } == [[0], [1], [2]])
    #expect(try rows.map { row throws(StorageError) in try row.id(3) } == [id, id, id])
    #expect(try rows.map { row throws(StorageError) in try row.real(4) } == [0.5, 1.5, 2.5])
    #expect(try rows.map { row throws(StorageError) in try row.isTrue(5) } == [true, false, true])
  }

  @Test func anArrayMayBeEmpty() throws {
    #expect(try connect().rows("SELECT unnest($1)") { $0.addArray(.integer) { _ in } }.count == 0)
  }

  @Test func anErrorWhileAnArrayIsFilledLeavesThePipelineWhole() throws {
    struct Stop: Error {}
    var pipeline = PostgresPipeline()
    pipeline.add("SELECT $1") { $0.add(integer: 1) }
    #expect(throws: Stop.self) {
      try pipeline.add("SELECT $1") { values throws(Stop) in
        values.add(text: "never sent")
        try values.addArray(.text) { array throws(Stop) in
          array.add(text: "nor this")
          throw Stop()
        }
      }
    }
    pipeline.add("SELECT $1") { $0.add(integer: 3) }
    let results = try connect().perform(pipeline)
    #expect(try results.map { try $0[0].integer(0) } == [1, 3])
  }

  @Test func rowsFillAPage() throws {
    let result = try connect().rows(
      "SELECT $1, 5::int8, 6::int8, 7::int8, NULL::text, 'x', 1.5::float8, NULL::uuid, 9::int8"
    ) { $0.add(id: id) }
    var page = RowFiller(columns: 5)
    try result[0].append(to: &page, types: [.text, .text, .real, .id, .integer])
    let filled = page.finish()
    let view = filled.view
    #expect(view.id(0, 0) == id && view.integer(0, 1) == 5 && view.integer(0, 3) == 7)
    #expect(view.isNull(0, 4) && view.real(0, 6) == 1.5 && view.isNull(0, 7) && view.integer(0, 8) == 9)
    #expect(String(decoding: view.text(0, 5), as: UTF8.self) == "x")
  }

  @Test func whatIsOfAnotherTypeIsAnErrorAndNeverAnotherValue() throws {
    let row = try connect().rows("SELECT 'text', NULL::int8")[0]
    #expect(throws: StorageError.self) { try row.integer(0) }
    #expect(throws: StorageError.self) { try row.integer(1) }
    #expect(throws: StorageError.self) { try row.id(0) }
    #expect(throws: StorageError.self) { try row.text(2) }
    #expect(throws: StorageError.self) { try row.text(-1) }
  }

  @Test func aPipelineIsOneRoundTripAndOneTransaction() throws {
    let connection = try connect()
    let results = try connection.perform { trip in
      trip.add("CREATE TABLE public.t (n int8)")
      trip.addOnce("INSERT INTO public.t SELECT generate_series(1, 10)")
    }
    #expect(results.count == 2 && results[1].affected == 10)
    #expect(connection.roundTrips == 1)
    let fault = #expect(throws: PostgresFault.self) {
      try connection.perform { trip in
        trip.add("INSERT INTO public.t VALUES (11)")
        trip.add("SELECT 1 / 0")
        trip.add("INSERT INTO public.t VALUES (12)")
      }
    }
    #expect(fault?.kind == .refused && fault?.state == "22012" && fault?.statement == 1)
    #expect(fault?.sentence.contains("SELECT 1 / 0") == true)
    #expect(connection.isUsable && !connection.isInTransaction)
    #expect(try connection.rows("SELECT count(*) FROM public.t")[0].integer(0) == 10)
    // What was not prepared, since it came after the error, is prepared the next time.
    try connection.run("INSERT INTO public.t VALUES (12)")
    #expect(try connection.rows("SELECT count(*) FROM public.t")[0].integer(0) == 11)
  }

  @Test func aStatementThatCannotBePreparedIsTriedAnew() throws {
    let connection = try connect()
    for _ in 0..<2 {
      let fault = #expect(throws: PostgresFault.self) { try connection.run("SELECT n FROM public.later") }
      #expect(fault?.state == .undefinedTable)
    }
    try connection.run("CREATE TABLE public.later (n int8)")
    #expect(try connection.run("SELECT n FROM public.later") == 0)
  }

  @Test func moreThanBothSocketsHoldGoesThrough() throws {
    let text = String(repeating: "x", count: 1 << 20)
    let results = try connect().perform { trip in
      for _ in 0..<40 { trip.add("SELECT $1") { $0.add(text: text) } }
    }
    #expect(results.allSatisfy { $0[0].withBytes(0) { $0.count } == 1 << 20 })
  }

  @Test func statementsStayFewAndTheirSessionIsRenewedAtLast() throws {
    let pool = PostgresPool(try PostgresAddress(try PostgresCluster.shared().database().address))
    defer { pool.close() }
    var kept: Int64 = 0
    var sessions: Set<Int32> = []
    for round in 0..<5 {
      try pool.lend(.writer) { connection in
        sessions.insert(connection.processID)
        for number in 0..<450 { try connection.run("SELECT \(round), \(number)") }
      }
      kept = try pool.lend(.writer) { try $0.rows("SELECT count(*) FROM pg_prepared_statements")[0].integer(0) }
      #expect(kept <= 501)
    }
    #expect(sessions.count == 1)
    let last = try pool.lend(.writer) { $0.processID }
    #expect(!sessions.contains(last))
  }

  @Test func aCallWithinACallHasAPipelineOfItsOwn() throws {
    let connection = try connect()
    let results = try connection.perform { trip in
      trip.add("SELECT $1") { $0.add(integer: 1) }
      let inner = try connection.rows("SELECT 2::int8")[0].integer(0)
      trip.add("SELECT $1") { $0.add(integer: inner) }
    }
    #expect(try results.map { try $0[0].integer(0) } == [1, 2])
  }

  @Test func tooManyValuesAreASentence() throws {
    let connection = try connect()
    let fault = #expect(throws: PostgresFault.self) {
      try connection.perform { trip in
        trip.add("SELECT 1") { values in for _ in 0..<70_000 { values.add(integer: 1) } }
      }
    }
    #expect(fault?.sentence.contains("70000 values, of up to 65535") == true)
    #expect(connection.isUsable)
  }

  @Test func sessionsAreSetUpWhateverTheRoleSays() throws {
    let database = try PostgresCluster.shared().database()
    for setting in ["client_min_messages = error", "statement_timeout = 1234", "search_path = public", "jit = on"] {
      try database.run("ALTER ROLE owner IN DATABASE \(database.name) SET \(setting)")
    }
    func setting(_ name: String, _ role: PostgresRole) throws -> String {
      let connection = try PostgresConnection.open(try PostgresAddress(database.address), as: role)
      return try connection.rows("SELECT current_setting($1)") { $0.add(text: name) }[0].text(0)
    }
    #expect(try setting("client_min_messages", .writer) == "warning")
    #expect(try setting("statement_timeout", .writer) == "0")
    #expect(try setting("statement_timeout", .reader) == "20s")
    #expect(try setting("lock_timeout", .writer) == "5s")
    #expect(try setting("idle_in_transaction_session_timeout", .writer) == "5s")
    #expect(try setting("idle_in_transaction_session_timeout", .reader) == "20s")
    #expect(try setting("transaction_isolation", .reader) == "repeatable read")
    #expect(try setting("transaction_isolation", .writer) == "read committed")
    #expect(try setting("search_path", .administrator) == "")
    #expect(try setting("enable_seqscan", .writer) == "off")
    #expect(try setting("enable_seqscan", .reader) == "on")
    #expect(try setting("synchronous_commit", .notifier) == "off")
    #expect(try setting("synchronous_commit", .writer) == "on")
    #expect(try setting("tcp_user_timeout", .writer) == "10000")
    #expect(try setting("application_name", .writer) == "sojourn writer")
  }

  @Test func notificationsComeAndTimeEnds() throws {
    let database = try PostgresCluster.shared().database()
    let address = try PostgresAddress(database.address)
    let listener = try PostgresConnection.open(address, as: .listener)
    try listener.run("LISTEN sojourn")
    #expect(try listener.notifications(withinMilliseconds: 20) == [])
    let notifier = try PostgresConnection.open(address, as: .notifier)
    try notifier.run("SELECT pg_notify('sojourn', $1)") { $0.add(text: "d_1 17") }
    let heard = try listener.notifications(withinMilliseconds: 5000)
    #expect(heard.map(\.text) == ["d_1 17"] && heard.first?.sender == notifier.processID)
  }
}
