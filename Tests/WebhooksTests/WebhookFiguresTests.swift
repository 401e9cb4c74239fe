import Testing

@testable import Webhooks

@Suite("The figures of webhooks")
struct WebhookFiguresTests {
  @Test("add up what was sent and parked, and tell the longest lag")
  func sums() {
    let (first, second) = (WebhookGauge(), WebhookGauge())
    for isSuccess in [true, true, false] { first.note(isSuccess: isSuccess) }
    second.note(isSuccess: true)
    first.note(parked: 2)
    second.note(parked: 5)
    second.note(parked: 3)
    first.note(oldest: 9000 << 10)
    second.note(oldest: 4000 << 10 + 7)
    var figures = WebhookFigures()
    for gauge in [first, second] { gauge.measure(&figures, at: 10_000) }
    #expect(figures.delivered == 3)
    #expect(figures.failed == 1)
    #expect(figures.parked == 5)
    #expect(figures.lagMilliseconds == 6000)
  }

  @Test("tell no lag where nothing waits, and none below 0 where a clock was set back", arguments: [nil, 20_000 << 10])
  func none(oldest: Int64?) {
    let gauge = WebhookGauge()
    gauge.note(oldest: 5000 << 10)
    gauge.note(oldest: oldest)
    var figures = WebhookFigures()
    gauge.measure(&figures, at: 10_000)
    #expect(figures == WebhookFigures())
  }
}
