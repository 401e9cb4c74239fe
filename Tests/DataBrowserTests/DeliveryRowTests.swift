import PageReading
import Storage
import Testing
import Web
import Wire

@testable import DataBrowser
@testable import Webhooks

/// What has become of deliveries, told from what is unfinished and from the log.
@Suite("Deliveries of a webhook as they are told")
struct DeliveryRowTests {
  static func attempt(
    _ sequence: Int64, _ number: Int, problem: String? = nil, status: Int? = 200, answer: String = ""
  ) -> WebhookAttempt {
    WebhookAttempt(
      sequence: sequence, object: RouteTests.id, attempt: number, at: sequence * 1000 + Int64(number), status: status,
      milliseconds: 5, problem: problem, answer: Array(answer.utf8))
  }

  static func delivery(_ sequence: Int64, attempts: Int = 0, isParked: Bool = false) -> WebhookDelivery {
    WebhookDelivery(
      sequence: sequence, object: RouteTests.id, attempts: attempts, nextAt: 9_000_000, isParked: isParked)
  }

  @Test func eachIsToldOnceTheNewestFirst() {
    let rows = DeliveryRow.all(
      unfinished: [Self.delivery(5, attempts: 2), Self.delivery(3, attempts: 78, isParked: true), Self.delivery(9)],
      attempts: [
        Self.attempt(5, 2, problem: "answered 500", status: 500), Self.attempt(4, 1),
        Self.attempt(5, 1, problem: "no answer", status: nil), Self.attempt(2, 1, problem: "gone", status: nil),
      ])
    #expect(rows.map(\.sequence) == [9, 5, 4, 3, 2])
    #expect(rows.map(\.state) == [.waiting, .waiting, .delivered, .parked, .ended])
    #expect(rows.map(\.attempts) == [0, 2, 1, 78, 1])
    #expect(rows[1].tries.map(\.attempt) == [2, 1])
    #expect(rows.map { $0.nextAt == nil } == [false, false, true, true, true])
  }

  @Test func whatWasDeliveredAndIsSentAgainWaits() {
    let rows = DeliveryRow.all(unfinished: [Self.delivery(4)], attempts: [Self.attempt(4, 1)])
    #expect(rows.map(\.state) == [.waiting] && rows[0].tries.count == 1)
  }

  @Test("Tries are counted through, those by hand are told, and the count is that of the list")
  func numbers() {
    func failed(_ number: Int) -> WebhookAttempt { Self.attempt(4, number, problem: "it answered 500", status: 500) }
    let tries = [Self.attempt(4, 1), Self.attempt(4, 1), failed(3), failed(2), failed(1)]
    for (tries, numbers, byHand) in [
      (tries, [5, 4, 3, 2, 1], [5, 4]), (Array(tries.prefix(4)), [5, 4, 3, 2], [5, 4]),
      ([failed(2), failed(1), failed(70)], [72, 71, 70], [71]), ([failed(1)], [1], []), ([], [], []),
    ] {
      let numbered = NumberedTry.all(of: tries)
      #expect(numbered.map(\.number) == numbers && numbered.filter(\.isByHand).map(\.number) == byHand)
      #expect(DeliveryRow.all(unfinished: [], attempts: tries).map(\.attempts) == numbers.prefix(1).map { $0 })
    }
    let waiting = DeliveryRow.all(unfinished: [Self.delivery(4)], attempts: [failed(1), failed(2), failed(1)])
    #expect(waiting.map(\.attempts) == [3] && waiting.map(\.failed) == [3])
    let again = DeliveryRow.all(unfinished: [Self.delivery(4, attempts: 1)], attempts: [failed(1)] + tries)
    #expect(again.map(\.attempts) == [6] && again.map(\.failed) == [1])
  }

  @Test("A try's line is what was answered, in one line, where that says more than the status")
  func lines() {
    for (attempt, line) in [
      (Self.attempt(1, 1, answer: "thanks\n  a lot"), "thanks a lot"),
      (Self.attempt(1, 1, problem: "it answered 500", status: 500, answer: "{\r\n  \"no\": 1\n}"), "{ \"no\": 1 }"),
      (Self.attempt(1, 1, problem: "it answered 500", status: 500, answer: " \n"), "it answered 500"),
      (Self.attempt(1, 1, problem: "no answer in time", status: nil), "no answer in time"),
      (Self.attempt(1, 1, problem: "no answer in time", status: 200, answer: "th"), "no answer in time"),
      (Self.attempt(1, 1, answer: String(repeating: "a", count: 200)), String(repeating: "a", count: 120) + "…"),
    ] {
      #expect(TryHTML.words(attempt) == line)
    }
  }

  @Test func successIsThatOfTries() {
    #expect(TrySuccess([]).since == nil)
    var gone = Self.attempt(1, 1, problem: "gone", status: nil)
    gone.milliseconds = 0
    let success = TrySuccess([Self.attempt(3, 2), Self.attempt(3, 1, problem: "answered 500", status: 500), gone])
    #expect(success.good == 1 && success.all == 2 && success.since == Instant(secondsSince1970: 3))
  }

  @Test func pagesGoOnBehindTheirLast() throws {
    let rows = DeliveryRow.all(unfinished: (1...120).map { Self.delivery($0, isParked: $0 % 2 == 0) }, attempts: [])
    var view = ListFilter<DeliveriesKey>([.state: "parked"])
    var seen: [Int64] = []
    for _ in 0..<5 {
      let page = try DeliveryQuestion(view).page(of: rows)
      seen += page.rows.map(\.sequence)
      guard let next = page.next else { break }
      view = view.with(.before, "\(next)")
    }
    #expect(seen == stride(from: 120, through: 2, by: -2).map { Int64($0) })
    let exact = Array(rows.prefix(DeliveryQuestion.limit))
    #expect(try DeliveryQuestion(.all).page(of: exact).next == nil)
  }

  @Test(arguments: [
    ("state", "failed"), ("object", "x"), ("from", "yesterday"), ("to", "2026-13-01"),
  ])
  func whatCannotBeReadIsSaidAtItsField(_ key: String, _ text: String) throws {
    let view = ListFilter<DeliveriesKey>([try #require(DeliveriesKey(rawValue: key)): text])
    #expect(try DeliveryQuestion(view).form.fault(of: key) != nil)
  }

  @Test func aPositionThatIsNoneIsRefused() {
    for text in ["0", "-1", "x", "9223372036854775808"] {
      #expect(throws: PageFault.self) { try DeliveryQuestion(ListFilter([.before: text])) }
    }
  }

  @Test func timesAreThoseOfChanges() throws {
    let second = Int64(1_767_225_600)
    let rows = DeliveryRow.all(unfinished: [Self.delivery((second * 1000) << 10)], attempts: [])
    for (view, count) in [
      (ListFilter<DeliveriesKey>([.from: "2026-01-01"]), 1), (ListFilter([.from: "2026-01-01T00:00:01Z"]), 0),
      (ListFilter([.to: "2026-01-01"]), 1), (ListFilter([.to: "2025-12-31"]), 0),
    ] {
      #expect(try DeliveryQuestion(view).page(of: rows).rows.count == count)
    }
  }
}

/// Pages of webhooks in their states, read by expat.
@Suite("Pages of webhooks in their states")
struct WebhookPageTests {
  private static let card = DeploymentCard(id: RouteTests.deployment, label: "Flights", environment: "testing")
  private static let now = Instant(secondsSince1970: 1_767_225_600) ?? .first

  /// Never declared in a data model: on, off and suspended.
  private static func statuses(_ text: String) -> [WebhookStatus] {
    let sealing = [UInt8](repeating: 7, count: 32)
    let on = WebhookState(enabling: text, url: text, position: 1, sealing: sealing)
    var off = on
    off.disable()
    var rotated = on
    rotated.rotate(at: now)
    for sequence in 1...30 { rotated.cursor.resend(Int64(sequence), of: RouteTests.id, at: 0) }
    return [nil, on, off, rotated].map { WebhookStatus(name: text, declared: nil, state: $0, at: 0) }
  }

  @Test(arguments: PageTests.hostile.indices)
  func theListHoldsWhatItIsGiven(_ index: Int) throws {
    let text = PageTests.hostile[index]
    let success = TrySuccess([DeliveryRowTests.attempt(1, 1), DeliveryRowTests.attempt(1, 2, problem: text)])
    let entries = Self.statuses(text).map { WebhooksPage.Entry(status: $0, success: success) }
    for shown in [[], Array(entries.prefix(1)), entries] {
      let page = try PageTests.read(
        WebhooksPage(card: Self.card, entries: shown, now: Self.now), in: PageTests.frame(text))
      #expect(page.faults == [])
    }
  }

  @Test(arguments: PageTests.hostile.indices)
  func oneHoldsWhatItIsGiven(_ index: Int) throws {
    let text = PageTests.hostile[index]
    for (number, status) in Self.statuses(text).enumerated() {
      var form = EndpointForm.of(status, typed: text)
      if number > 1 { form.refuse(EndpointForm.url, text) }
      let shown = WebhookPage(
        card: Self.card, status: status, conditions: .init(required: [text], embedded: [text, "b"]),
        success: TrySuccess([]), form: form,
        verdict: [nil, .permitted([]), .refused(text), .notFound(text)][number],
        shown: number == 3 ? .init(current: text, next: text) : .init(), publicKey: number > 0 ? text : nil,
        keyAddress: "https://here/key",
        sample: .init(object: text, fault: number == 1 ? text : nil, body: text, bytes: 5, hasPasswords: true),
        now: Self.now, ticket: { text })
      let page = try PageTests.read(shown, in: PageTests.frame(text))
      #expect(page.faults == [], "\(number)")
    }
  }

  @Test(arguments: PageTests.hostile.indices)
  func deliveriesHoldWhatTheyAreGiven(_ index: Int) throws {
    let text = PageTests.hostile[index]
    let tries = [
      DeliveryRowTests.attempt(7, 2, problem: text, status: nil, answer: text),
      DeliveryRowTests.attempt(7, 1, answer: text), DeliveryRowTests.attempt(6, 1, problem: text),
    ]
    let rows = DeliveryRow.all(
      unfinished: [DeliveryRowTests.delivery(7), DeliveryRowTests.delivery(8, isParked: true)], attempts: tries)
    let status = Self.statuses(text)[3]
    for shown in [[], rows] {
      let page = try PageTests.read(
        DeliveriesPage(
          card: Self.card, status: status, view: ListFilter([.state: text]), form: try DeliveryQuestion(.all).form,
          rows: shown, next: 5, displays: [RouteTests.id: text], ticket: text),
        in: PageTests.frame(text))
      #expect(page.faults == [])
    }
    for row in rows {
      let page = try PageTests.read(
        DeliveryPage(
          card: Self.card, status: status, row: row, displays: [:], fault: row.state == .parked ? text : nil,
          ticket: { text }),
        in: PageTests.frame(text))
      #expect(page.faults == [])
    }
  }
}
