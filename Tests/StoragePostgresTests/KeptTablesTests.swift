import Crypto
import PostgresUnderTest

import Testing
import Wire

@testable import Storage
@testable import StorageConformance
@testable import StoragePostgres

/// What is kept beside the objects reads back as it was stored.
@Suite struct KeptTablesTests {
  private static let now = Instant(secondsSince1970: 1_790_000_000) ?? .first

  private static func id(_ number: UInt8) -> ObjectID { .numbered(Int(number)) }

  private static func hash(_ number: UInt8) -> ContentHash { ContentHash(of: [number]) }

  @Test func oneRoundTripReadsAllThatAStepNeeds() throws {
    let bare = try BareDeployment()
    let before = bare.connection.roundTrips
    let found = try bare.read {
      $0.attachments = [Self.id(1)]
      $0.blobs = [Self.hash(1)]
      $0.unlinked = (before: 5, most: 10)
      $0.user = Self.id(1)
      $0.connections = [Self.id(2)]
      $0.token = [1]
      $0.webhook = "w"
      $0.needsSigningKey = true
      $0.lease = "sweep"
      $0.trim = .olderThan(milliseconds: 5)
      $0.oplogBelow = 5
    }
    #expect(bare.connection.roundTrips == before + 1)
    #expect(found.user == nil && !found.isUserThere && found.token == nil && found.connections.isEmpty)
    #expect(found.webhookRevision == nil && found.signingKey == nil && found.lease == nil)
    #expect(found.attachments.isEmpty && found.blobs.isEmpty && found.removing.isEmpty && found.blobFloor == 0)
    #expect(found.trimEnd == nil && found.neededEntries == nil && found.oplogPart == nil)
    _ = try bare.read { _ in }
    #expect(bare.connection.roundTrips == before + 1)
  }

  @Test func usersWithSessionsAndTokens() throws {
    let bare = try BareDeployment()
    var user = UserRecord(id: Self.id(1))
    let about = DeviceDescription(deviceID: "d", device: "{}", label: "L\u{0}ä")
    for (number, about) in [(11, about), (12, DeviceDescription())] as [(UInt8, DeviceDescription)] {
      _ = user.enrol(about, secretHash: [number], newID: Self.id(number), allowsMany: true, at: Self.now)
    }
    try bare.store {
      $0.user = .init(old: nil, new: user)
      $0.token = EnrolmentToken(hash: [7], user: Self.id(1), expiresAt: Self.now)
      $0.endsSessions = true
    }
    #expect(try bare.read { $0.user = Self.id(1) }.user == user)
    #expect(try bare.kept.state(ofSession: Self.id(11)) == .enrolled)
    #expect(try bare.kept.state(ofSession: Self.id(13)) == nil)
    var locked = user
    locked.lock(at: Self.now)
    let later = Instant(secondsSince1970: Self.now.secondsSince1970 + 5) ?? .last
    try bare.store {
      $0.user = .init(old: user, new: locked)
      $0.connections = [(Self.id(12), later)]
      $0.endsSessions = true
    }
    locked.note([Self.id(12): later])
    let tables = UserTables(schema: bare.schema)
    #expect(try tables.users([Self.id(1), Self.id(2)], on: bare.connection) == [Self.id(1): locked])
    #expect(try tables.session(Self.id(12), on: bare.connection)?.session == locked.sessions[1])
    let connections = try bare.read { $0.connections = [Self.id(11), Self.id(12)] }.connections
    #expect(connections[Self.id(11)] == .some(nil) && connections[Self.id(12)] == later)
    #expect(try bare.read { $0.token = [7] }.token?.user == Self.id(1))
    try bare.store { $0.horizon = later }
    #expect(try bare.read { $0.token = [7] }.token == nil)
    #expect(try !tables.knows(tokenHash: [7], on: bare.connection))
    #expect(try bare.database.run("SELECT value FROM \(bare.schema.name).facts WHERE key = 'ended_sessions'") == "2\n")
  }

  @Test func attachmentsAreCountedAsTheyChange() throws {
    let bare = try BareDeployment()
    func row(_ number: UInt8, links: Int64, size: Int64, hash: UInt8? = nil) -> LedgerRow {
      var row = LedgerRow(id: Self.id(number), createdAt: 1, links: links, unlinkedSince: links == 0 ? 4 : nil)
      row.hash = hash.map(Self.hash)
      row.size = size
      row.fileName = hash.map { "a\u{0}\($0).png" }
      return row
    }
    let steps: [(rows: [LedgerRow], removed: [UInt8], totals: AttachmentTotals)] = [
      ([row(1, links: 1, size: 10, hash: 1), row(2, links: 0, size: 20)], [], .init(attachments: 1, bytes: 10)),
      ([row(1, links: 2, size: 10, hash: 1), row(2, links: 1, size: 25)], [], .init(attachments: 2, bytes: 35)),
      ([row(1, links: 0, size: 10, hash: 1), row(3, links: 1, size: 10)], [], .init(attachments: 2, bytes: 35)),
      ([], [1, 3], .init(attachments: 1, bytes: 25)), ([row(2, links: 0, size: 25)], [], .init()),
    ]
    for (number, step) in steps.enumerated() {
      try bare.store {
        $0.attachments = step.rows
        $0.removedAttachments = step.removed.map(Self.id)
      }
      #expect(
        try AttachmentRows.totals(bare.connection.rows(AttachmentRows.counting(in: bare.schema))) == step.totals,
        "after step \(number)")
      for row in step.rows { #expect(try bare.read { $0.attachments = [row.id] }.attachments == [row.id: row]) }
    }
    #expect(try bare.read { $0.unlinked = (before: 5, most: 9) }.unlinked.map(\.id) == [Self.id(2)])
    #expect(try bare.read { $0.unlinked = (before: 4, most: 9) }.unlinked.isEmpty)
  }

  @Test func blobsGoInThreeSteps() throws {
    let bare = try BareDeployment()
    let blob = BlobRow(hash: Self.hash(1), size: 5, attachments: 0, unneededSince: 3, isLost: true)
    try bare.store { $0.blobs = [blob, BlobRow(hash: Self.hash(2), size: 6, attachments: 1)] }
    #expect(try bare.read { $0.blobs = [blob.hash] }.blobs == [blob.hash: blob])
    #expect(try bare.rows.target(for: blob.hash) == BlobTarget(generation: 1, isLost: true))
    #expect(try bare.rows.unneeded(since: 4, most: 9) == [BlobKey(blob.hash)])
    #expect(try bare.rows.blobs(after: nil, most: 9).map(\.size).sorted() == [5, 6])
    let keys = [1, 2, 3].map { BlobKey(Self.hash($0)) }
    #expect(try bare.rows.unknown(among: keys) == [keys[2]])
    try bare.store {
      $0.removing = [keys[0], BlobKey(Self.hash(1), generation: 4)]
      $0.removedBlobs = [blob.hash]
    }
    #expect(try bare.read { $0.blobs = [blob.hash] }.generation(of: blob.hash) == 5)
    #expect(try bare.rows.unknown(among: keys) == [keys[2]])
    #expect(Set(try bare.rows.beingRemoved(most: 9)) == [keys[0], BlobKey(Self.hash(1), generation: 4)])
    try bare.store { $0.forgotten = [keys[0], BlobKey(Self.hash(1), generation: 4)] }
    try bare.store { $0.forgotten = [keys[0]] }
    #expect(try bare.read { $0.blobs = [Self.hash(9)] }.generation(of: Self.hash(9)) == 5)
  }

  @Test func webhooksWithDeliveriesAndTheirLog() throws {
    let bare = try BareDeployment()
    let tables = WebhookTables(schema: bare.schema)
    var record = WebhookRecord(name: "w", url: "https://example.org", secret: [1, 2], position: 50)
    record.nextSecret = [3]
    func attempt(_ number: Int) -> WebhookAttempt {
      WebhookAttempt(
        sequence: Int64(number), object: Self.id(1), attempt: number, at: 5, status: number % 2 == 0 ? 200 : nil,
        milliseconds: 7, problem: number % 2 == 0 ? nil : "no", answer: [UInt8](repeating: 1, count: 2000))
    }
    for part in 0..<3 {
      record.revision += 1
      let last = WebhookDelivery(sequence: 20, object: Self.id(2), attempts: part, firstAt: 4, nextAt: 5)
      try bare.store {
        $0.webhook = WebhookChange(
          record: record,
          deliveries: [
            WebhookDelivery(sequence: 10, object: Self.id(1), nextAt: 6, isParked: true),
            WebhookDelivery(sequence: 20, object: Self.id(2), nextAt: 1), last,
            WebhookDelivery(sequence: 30, object: Self.id(3), nextAt: 9, isReplay: true),
          ], finished: [30], fired: [(Self.id(1), Int64(part))],
          attempts: (0..<90).map { attempt(part * 90 + $0) })
      }
      #expect(try tables.webhooks(on: bare.connection) == [record])
      #expect(try bare.read { $0.webhook = "w" }.webhookRevision == record.revision)
      #expect(try tables.deliveries(of: "w", on: bare.connection).map(\.sequence) == [10, 20])
      #expect(try tables.deliveries(of: "w", on: bare.connection).last == last)
    }
    let log = try tables.attempts(of: "w", on: bare.connection)
    #expect(log.map(\.attempt) == (70..<270).reversed())
    #expect(log.first?.problem == "no" && log.first?.answer.count == WebhookAttempt.answerBytes)
    #expect(try tables.fired("w", among: [Self.id(1), Self.id(2)], on: bare.connection) == [Self.id(1): 0])
    #expect(try bare.read { $0.trim = .before(1) }.neededEntries == NeededEntries(sequence: 20, webhook: "w"))
  }

  @Test func factsAndLeases() throws {
    let bare = try BareDeployment()
    let lease = LeaseRow(name: "sweep", holder: Self.id(1), number: 3, endsAt: .max)
    for key in [[1, 2], [3]] as [[UInt8]] {
      try bare.store {
        $0.signingKey = key
        $0.lease = lease
        $0.appUser = .some("person")
      }
      let found = try bare.read {
        $0.lease = "sweep"
        $0.needsSigningKey = true
      }
      #expect(found.lease == lease && found.signingKey == key)
    }
    try bare.store { $0.appUser = .some(nil) }
    #expect(try bare.database.run("SELECT key FROM \(bare.schema.name).facts") == "signing_key\n")
  }

  @Test func theOldestEntriesAreTrimmedInParts() throws {
    let bare = try BareDeployment()
    try bare.database.run(
      """
      INSERT INTO \(bare.schema.name).oplog
      SELECT n, 1, 1, gen_random_uuid(), 0, 'test', decode(repeat('00', CASE WHEN n < 600 THEN 1 ELSE 300000 END), 'hex'), 0
      FROM generate_series(1, 610) n
      """)
    let expected: [OplogPart] = [
      OplogPart(last: 500, count: 500, hasMore: true, next: 502),
      OplogPart(last: 603, count: 103, hasMore: true, next: 605),
      OplogPart(last: 607, count: 4, hasMore: true, next: 609),
      OplogPart(last: 608, count: 1, hasMore: false, next: 610),
    ]
    for part in expected {
      #expect(try bare.read { $0.oplogBelow = 609 }.oplogPart == part)
      try bare.store { $0.trimmed = part.last }
    }
    #expect(try bare.read { $0.oplogBelow = 609 }.oplogPart == nil)
    let rows = try bare.read { $0.trim = .before(.max) }
    #expect(rows.trimEnd == 610 && rows.secondEntry == 610)
    #expect(try bare.read { $0.trim = .olderThan(milliseconds: 0) }.trimEnd == nil)
    #expect(try bare.database.run("SELECT value FROM \(bare.schema.name).facts WHERE key = 'trimmed'") == "608\n")
  }
}
