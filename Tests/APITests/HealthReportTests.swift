import API
import HTTPServer
import Testing

@Suite("Health")
struct HealthReportTests {
  @Test(
    "is a status and a sentence",
    arguments: [
      (HealthReport(.starting), 503, "The server is starting."),
      (HealthReport(.draining, unfit: 1), 503, "The server is shutting down."),
      (HealthReport(.serving), 200, "The server is ready."),
      (
        HealthReport(.serving, unfit: 2), 503,
        "Writes fail in 2 deployments: the disk may be full or broken. The log says more."
      ),
      (
        HealthReport(.serving, unusable: 1), 200,
        "The server is ready, but the data of 1 deployment cannot be opened. The log says why."
      ),
      (
        HealthReport(.serving, unusable: 3, unopened: 2), 503,
        "The server may have too few files open for 2 deployments. The log says how to raise the limit."
      ),
      (HealthReport.live, 200, "The process answers."),
    ])
  func sentences(report: HealthReport, status: Int, sentence: String) {
    #expect(report.response.status == status)
    #expect(report.sentence == sentence)
    #expect(report.response.headers.contains { $0.name == "Retry-After" } == (status == 503))
  }

  @Test("follows the stages of a server")
  func stages() async throws {
    try await TestAPI.run { api in
      let health = ServerHealth()
      #expect(health.report == HealthReport(.starting))
      health.serve(api.deployments)
      #expect(health.report == HealthReport(.serving))
      health.drain()
      #expect(health.report == HealthReport(.draining))
    }
  }
}
