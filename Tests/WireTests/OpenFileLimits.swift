import Testing
import Wire

@Suite("The limit on open files")
struct OpenFileLimits {
  @Test(
    "is raised as far as wanted and allowed, and never lowered",
    arguments: [
      (1024, 20_000, 6512, 6512), (1024, 20_000, 50_000, 20_000), (1024, 1024, 6512, nil), (8192, 20_000, 6512, nil),
      (1024, Int.max, 6512, 6512), (6512, 20_000, 6512, nil),
    ] as [(Int, Int, Int, Int?)])
  func raising(soft: Int, hard: Int, wanted: Int, raised: Int?) {
    #expect(
      OpenFileLimit(soft: soft, hard: hard).raised(to: wanted) == raised.map { OpenFileLimit(soft: $0, hard: hard) })
  }

  @Test("says where it is set, and what counts")
  func advice() {
    let sentence = OpenFileLimit(soft: 1024, hard: 1024).advice(wanted: 6512)
    for part in ["LimitNOFILE=6512", "nofile=6512", "ulimit -Hn 6512", "SOJOURN_CONNECTIONS"] {
      #expect(sentence.contains(part))
    }
  }
}
