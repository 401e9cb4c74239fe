import Testing
import Wire

@testable import Administration

@Suite("What is wrong with a data directory")
struct DiagnosisTests {
  private static let terms = Diagnosis.Terms(now: SampleStatus.now, backupSeconds: 7 * SampleStatus.day)

  private static func later(_ seconds: Int64) -> Instant {
    Instant(secondsSince1970: SampleStatus.now.secondsSince1970 + seconds) ?? SampleStatus.now
  }

  private static func problems(_ change: (inout StatusReport) -> Void) -> [Problem] {
    var report = SampleStatus.well
    change(&report)
    return Diagnosis(report, terms).problems
  }

  @Test("Nothing is, where all is well")
  func well() { #expect(Self.problems { _ in }.isEmpty) }

  private struct Case: CustomTestStringConvertible, Sendable {
    let kind: Problem.Kind
    let sentence: String
    let command: String?
    let change: @Sendable (inout StatusReport) -> Void
    var testDescription: String { sentence }

    init(
      _ kind: Problem.Kind, _ sentence: String, _ command: String?,
      _ change: @escaping @Sendable (inout StatusReport) -> Void
    ) {
      (self.kind, self.sentence, self.command, self.change) = (kind, sentence, command, change)
    }
  }

  private static let cases: [Case] = [
    Case(.notReady, "Writes fail in 1 deployment", nil) { $0.place.complaint = "Writes fail in 1 deployment" },
    Case(.notServed, "No server runs on this data directory.", "sojourn serve --data-dir /data") {
      $0.place.source = .files
    },
    Case(
      .diskNearlyFull, "The disk of the data directory is nearly full: 5.0 MiB free of 10.0 GiB.",
      "du -sh /data/*"
    ) { $0.place.disk = DiskSpace(freeBytes: 5 << 20, totalBytes: 10 << 30) },
    Case(
      .certificate, "The certificate /c.pem ends at \(TimeText.text(later(20 * SampleStatus.day))), in 20 days.", nil
    ) {
      $0.place.certificate?.endsAt = later(20 * SampleStatus.day)
    },
    Case(
      .certificate, "The certificate /c.pem is over since \(TimeText.text(later(-1))): clients refuse it.",
      "sojourn certificate make --data-dir /data"
    ) {
      $0.place.certificate?.endsAt = later(-1)
      $0.place.certificate?.isOwn = true
    },
    Case(.certificate, "The certificate /c.pem cannot be used: it is none.", nil) {
      $0.place.certificate?.problem = "it is none"
    },
    Case(
      .backup, "No backup of this data directory is known.",
      "sojourn backup --data-dir /data --to /backups/\(SampleStatus.now.description.prefix(10))"
    ) { $0.place.lastBackup = nil },
    Case(
      .backup, "The last backup was made at \(TimeText.text(later(-8 * SampleStatus.day))), 8 days ago.",
      "sojourn backup --data-dir '/my data' --to /backups/\(SampleStatus.now.description.prefix(10))"
    ) {
      $0.place.directory = "/my data"
      $0.place.lastBackup?.madeAt = later(-8 * SampleStatus.day)
    },
    Case(
      .fileLimit, "The server may have 1000 files open, and its deployments and connections may need 1001.",
      "systemctl edit sojourn"
    ) { $0.place.files?.wanted = 1001 },
    Case(
      .clock,
      "The clock says \(TimeText.text(SampleStatus.now)), and changes are stored that were made 61 seconds later.",
      "timedatectl status"
    ) { $0.deployments[0].lastSequence = later(61).secondsSince1970 * 1000 << 10 },
    Case(
      .unusable, "The deployment 0a (n) cannot be used. It is damaged.", "sojourn fsck --data-dir /data --deployment 0a"
    ) { $0.deployments[0].problem = "It is damaged." },
    Case(.writesFail, "Writes fail: the disk does not take them.", "df /data") { $0.deployments[0].isFit = false },
    Case(
      .suspended, "The webhook w is suspended: its endpoint fails.",
      "sojourn webhook enable --data-dir /data --deployment 0a --name w"
    ) { $0.deployments[0].webhooks[0].state = "suspended" },
    Case(
      .parked, "1,000 deliveries of webhooks were given up.",
      "sojourn webhook resend --data-dir /data --deployment 0a --name 'it'\\''s'"
    ) {
      $0.deployments[0].webhooks[0].name = "it's"
      $0.deployments[0].webhooks[0].parked = 1000
    },
    Case(
      .behind, "The webhook w is 61 minutes behind: 3 changes wait.",
      "sojourn webhook deliveries --data-dir /data --deployment 0a --name w"
    ) {
      ($0.deployments[0].webhooks[0].lagMilliseconds, $0.deployments[0].webhooks[0].behind) = (3_660_000, 2)
      $0.deployments[0].webhooks[0].waiting = 1
    },
    Case(.pendingIndex, "The index n of m is being built over 1 object.", nil) {
      $0.deployments[0].pendingIndexes = [PendingIndex(model: "m", name: "n", objects: 1)]
    },
  ]

  @Test("Each fact that is wrong is one problem, with the command that mends it", arguments: cases.indices)
  func rules(_ index: Int) {
    let one = Self.cases[index]
    let problems = Self.problems(one.change)
    #expect(problems.map(\.kind) == [one.kind])
    #expect(problems.first?.what == one.sentence)
    #expect(problems.first?.command == one.command)
    #expect(problems.first?.advice.isEmpty == false)
  }

  @Test("What is just within a bound is well")
  func bounds() {
    let changes: [(inout StatusReport) -> Void] = [
      { $0.place.certificate?.endsAt = Self.later(21 * SampleStatus.day) },
      { $0.place.lastBackup?.madeAt = Self.later(-7 * SampleStatus.day) },
      { $0.deployments[0].lastSequence = Self.later(60).secondsSince1970 * 1000 << 10 },
      { $0.deployments[0].webhooks[0].lagMilliseconds = 3_600_000 },
      // It sends nothing.
      {
        ($0.deployments[0].webhooks[0].lagMilliseconds, $0.deployments[0].webhooks[0].state) = (.max, "disabled")
      },
      // There is nothing to copy.
      { ($0.place.lastBackup, $0.deployments) = (nil, []) },
      { ($0.place.certificate, $0.place.files, $0.place.disk) = (nil, nil, nil) },
    ]
    for (index, change) in changes.enumerated() { #expect(Self.problems(change).isEmpty, "\(index)") }
  }

  @Test("Many indexes are named five, and the others counted")
  func indexes() {
    let problems = Self.problems { report in
      report.deployments[0].pendingIndexes = (0..<8).map { PendingIndex(model: "m", name: "\($0)", objects: 0) }
    }
    #expect(problems.count == 6)
    #expect(problems.last?.what == "3 more indexes wait to be built.")
    #expect(problems.allSatisfy { $0.deployment == "0a" })
    #expect(problems.allSatisfy { $0.kind.isNote })
  }

  @Test("Rights, folders and settings that are wrong are problems")
  func local() {
    var facts = LocalFacts()
    facts.directory = "/d"
    #expect(facts.problems.isEmpty)
    facts.open = ["/d", "/d/secret.key"]
    facts.foreign = ["/d/control.db"]
    facts.temporaryProblem = "Permission denied"
    facts.settingsProblem = "no."
    facts.unknownVariables = ["SOJOURN_CONECTIONS"]
    facts.olderFiles = 2
    let all = facts.problems
    #expect(all[0].kind == .olderLayout && all[0].kind.isNote)
    #expect(all[0].what.hasPrefix("2 files were written by an earlier version. This one brings them up to date"))
    let problems = Array(all.dropFirst())
    #expect(problems.map(\.kind) == [.permissions, .permissions, .temporaryFolder, .settings, .settings])
    #expect(
      problems.map(\.command) == [
        "chmod -R go-rwx /d", "chown -R --reference=/d /d", "ls -ld /d/tmp", "sojourn settings", "sojourn settings",
      ])
    #expect(problems[0].what.hasPrefix("/d (and 1 more) can be read"))
    #expect(problems[4].what.contains("SOJOURN_CONECTIONS"))
  }
}
