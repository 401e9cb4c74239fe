import Foundation
import Glibc
import JSON
import ServerUnderTest
import Storage
import Testing
import Wire

/// The drill with everything that a deployment may hold: attachments, app users with devices, webhooks. A
/// backup is made under load, the original is lost, and the copy takes its place.
@Suite(.serialized) struct BackupContentsTests {
  @Test func aBackupUnderLoadBringsAttachmentsDevicesAndWebhooksBack() throws {
    let ledger = WebhookLedger(seed: 11)
    let receiver = try StubServer(remembers: false) { ledger.answer($0) }
    defer { receiver.stop() }
    let server = try ServerUnderTest(
      schema: CrateLoad.schema,
      arguments: ["--public-url", "https://api.example.org", "--trusted-proxy", "127.0.0.1/32"])
    try prepare(server, ledger, receiver)

    // What is half done at the moment of the backup: bytes that come later, a token that nobody used.
    let pending = ObjectID(high: 0x0900_0000_0000_4000, low: 0x8000_0000_0000_0001)
    let late = try #require(
      try server.json("POST", "/objects/crate.json", "{\"crate\":{\"number\":1,\"file_id\":\"\(pending)\"}}")
        .json["id"]?.string)
    let user = try server.json("POST", "/objects/user.json", "{\"user\":{\"name\":\"late\"}}").json["id"]?.string
    let token = try server.json("POST", "/users/\(user ?? "")/authentication-token").json["token"]?.string ?? ""

    let load = try CrateLoad(on: server)
    usleep(1_500_000)
    try load.waitFor(crates: 200)
    let early = load.devices
    let backup = try SojournBinary.run(
      ["backup", "--data-dir", server.dataDirectory, "--to", server.directory.path + "/b", "--json"])
    #expect(backup.exitCode == 0, "\(backup.errors)")
    usleep(700_000)
    load.stop()
    #expect(load.problems == [])
    let last = try #require(
      try JSONDocument.read(backup.output).root["deployments"]?.elements.map({ $0 }).first?["last_sequence"]?.string
        .flatMap { Int64($0) })
    let feed = try server.send("GET", "/info.json")[header: "x-sojourn-feed"]
    let file = "/deployments/\(server.id).db"
    let all = try OplogFile(server.dataDirectory + file).entries()
    #expect(try server.send("PUT", "/attachments/\(pending)", body: Array("late".utf8)).status == 200)
    #expect(try enrol(token, server).status == 200)
    #expect(try server.stop() == 0)
    let before = ledger.requests
    #expect(ledger.problems == [])

    // The original is lost.
    try FileManager.default.moveItem(atPath: server.dataDirectory, toPath: server.directory.path + "/lost")
    let restored = try SojournBinary.run(
      ["restore", "--from", server.directory.path + "/b", "--data-dir", server.dataDirectory])
    #expect(restored.exitCode == 0, "\(restored.errors)")
    let copy = try OplogFile(server.dataDirectory + file)
    let kept = try copy.entries()
    #expect(kept.last?.sequence == last && all.count > kept.count)
    #expect(kept == all.filter { $0.sequence <= last })
    let webhooks = try WebhookFile(copy)
    ledger.beKind()
    try server.start()

    // The feed is another, for good, and no sequence is given twice.
    let renewed = try server.send("GET", "/info.json")[header: "x-sojourn-feed"]
    #expect(feed != nil && renewed != nil && feed != renewed)
    let made = try server.json("POST", "/objects/crate.json", "{\"crate\":{\"number\":-1}}")
    #expect(made.status == 200)
    let next = try #require(try OplogFile(server.dataDirectory + file).entries().last?.sequence)
    #expect(next > (all.last?.sequence ?? .max))

    let found = try crates(server)
    var live: [String: Int64] = [:]
    for entry in kept { live[entry.change.id] = entry.change.operation == .delete ? nil : entry.change.number }
    let known = Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0.number) }).filter { $0.value >= 0 }
    #expect(known == live.filter { $0.value >= 0 })
    let waiting = try checkFiles(found, load.bytes.merging([late: Array("late".utf8)]) { $1 }, server)
    #expect(waiting.contains(late))
    try checkDevices(early, live, server)
    #expect(try enrol(token, server).status == 200, "the token was not used when the backup was made")
    #expect(try enrol(token, server).status == 403)
    let check = try server.command("fsck")
    #expect(check.exitCode == 0, "\(check.output)\(check.errors)")
    #expect(check.output.contains("0 missing, 0 damaged, 0 orphaned"))
    try checkWebhooks(webhooks, kept, before, ledger, waiting, server)
    print(
      """
      Backup with attachments, devices and webhooks under load: \(load.summary); kept \(kept.count) of \(all.count) changes, \
      \(found.count) crates (\(waiting.count) waited for bytes), \(early.count) devices, \(webhooks.fired.count) ready events fired, \
      \(webhooks.unfinished.count) deliveries unfinished; \(before.count) requests of webhooks before, \
      \(ledger.requests.count - before.count) after. fsck: \(check.output.dropLast())
      """)
    #expect(try server.stop() == 0)
    try server.start()
    #expect(try server.send("GET", "/info.json")[header: "x-sojourn-feed"] == renewed)
  }

  private func prepare(_ server: ServerUnderTest, _ ledger: WebhookLedger, _ receiver: StubServer) throws {
    for setting in ["webhook_allow=127.0.0.1", "device_access=all"] {
      #expect(try server.command("deployment", "set", "--deployment", server.id, setting).exitCode == 0)
    }
    for event in ["saved", "complete"] {
      let enabled = try server.command(
        "webhook", "enable", "--deployment", server.id, "--name", event, "--url",
        "http://127.0.0.1:\(receiver.port)/\(event)")
      #expect(enabled.exitCode == 0, "\(enabled.errors)")
      let secret = try server.command("webhook", "secret", "show", "--deployment", server.id, "--name", event)
      ledger.setSecret(String(secret.output.dropLast()), of: event)
    }
  }

  private func enrol(_ token: String, _ server: ServerUnderTest) throws -> Answer {
    try server.connection().request(
      "POST", server.base + "/enroll", headers: ["Content-Type: application/json"],
      body: Array("{\"token\":\"\(token)\",\"device\":{\"id\":\"late\"}}".utf8))
  }

  private struct Crate {
    let id: String
    let number: Int64
    let fileID: String?
    let state: String?
    let address: String?
  }

  private func crates(_ server: ServerUnderTest) throws -> [Crate] {
    var crates: [Crate] = []
    while true {
      let page = try server.json("GET", "/objects/crate.json?limit=1000&skip=\(crates.count)").json
      let objects = page["objects"]?.elements.map { $0 } ?? []
      if objects.isEmpty { return crates }
      for object in objects {
        crates.append(
          Crate(
            id: object["id"]?.string ?? "", number: object["number"]?.number?.integer ?? -2,
            fileID: object["file_id"]?.string, state: object["file"]?["state"]?.string,
            address: object["file"]?["original"]?.string))
      }
    }
  }

  /// Every file is what was uploaded, byte for byte; those whose bytes came after the backup still wait for
  /// them, and take them. The ids of these.
  private func checkFiles(
    _ crates: [Crate], _ bytes: [String: [UInt8]], _ server: ServerUnderTest
  ) throws -> [String] {
    let connection = try server.connection()
    var waiting: [String] = []
    for crate in crates where crate.number >= 0 {
      guard let wanted = bytes[crate.id] else {
        Issue.record("a crate that nobody made: \(crate.id)")
        continue
      }
      if crate.state == "pending" {
        waiting.append(crate.id)
        let put = try server.send("PUT", "/attachments/\(crate.fileID ?? "")", body: wanted)
        #expect(put.status == 200, "\(put.text)")
        let address = try server.json("GET", "/objects/crate/\(crate.id).json").json["file"]?["original"]?.string
        #expect(try fetch(address, connection) == wanted)
      } else {
        #expect(crate.state == "uploaded", "\(crate.id)")
        #expect(try fetch(crate.address, connection) == wanted, "\(crate.id)")
      }
    }
    #expect(crates.count - waiting.count > 50)
    return waiting
  }

  private func fetch(_ address: String?, _ connection: HTTPConnection) throws -> [UInt8] {
    let path = address?.split(separator: "/", maxSplits: 2).last.map { "/" + $0 } ?? "/nowhere"
    let answer = try connection.request("GET", path)
    guard answer.status == 200 else { throw TestFault("\(path): \(answer.status) \(answer.text)") }
    return answer.body
  }

  /// Who was signed in before the backup is signed in after it, with what the device has in its hands.
  private func checkDevices(
    _ devices: [CrateLoad.Device], _ live: [String: Int64], _ server: ServerUnderTest
  ) throws {
    let connection = try server.connection()
    for device in devices {
      #expect(live[device.user] != nil)
      let answer = try connection.request(
        "GET", server.base + "/objects/user/\(device.user).json", headers: device.headers)
      #expect(answer.status == 200, "\(answer.text)")
      #expect(try server.json("GET", "/users/\(device.user)").json["enrolled"]?.bool == true)
    }
    #expect(devices.count > 5)
  }

  /// What the positions say was delivered was, and is not again; everything else of the backup comes.
  private func checkWebhooks(
    _ webhooks: WebhookFile, _ kept: [LoggedEntry], _ before: [WebhookLedger.Request], _ ledger: WebhookLedger,
    _ waiting: [String], _ server: ServerUnderTest
  ) throws {
    let newest = try #require(
      try OplogFile("\(server.dataDirectory)/deployments/\(server.id).db").entries().last?.sequence)
    let end = ContinuousClock.now + .seconds(40)
    while ContinuousClock.now < end {
      let list = try JSONDocument.read(
        try server.command("webhook", "list", "--deployment", server.id, "--json").output
      ).root
      let isDone = list["webhooks"]?.elements.map { $0 }.allSatisfy {
        $0["waiting"]?.rawText == "0" && ($0["position"]?.string.flatMap { Int64($0) } ?? 0) > newest
      }
      if isDone == true { break }
      usleep(100_000)
    }
    #expect(ledger.problems == [])
    let after = ledger.requests.dropFirst(before.count)
    func delivery(_ request: WebhookLedger.Request) -> WebhookFile.Delivery {
      .init(event: request.event, sequence: request.sequence)
    }
    let takenBefore = Set(before.filter(\.isTaken).map(delivery))
    let takenAfter = Set(after.filter(\.isTaken).map(delivery))
    func isDone(_ delivery: WebhookFile.Delivery) -> Bool {
      delivery.sequence < webhooks.positions[delivery.event] ?? 0 && !webhooks.unfinished.contains(delivery)
    }
    let repeated = takenAfter.filter(isDone)
    #expect(repeated.isEmpty, "delivered again: \(repeated)")
    let models = try OplogFile("\(server.dataDirectory)/deployments/\(server.id).db").rows(
      "SELECT sequence FROM oplog JOIN models ON models.number = oplog.model WHERE models.name = 'crate'"
    ) { OplogFile.integer($0, 0) }
    let ofCrates = Set(models)
    for entry in kept where entry.change.operation != .delete && ofCrates.contains(entry.sequence) {
      let saved = WebhookFile.Delivery(event: "saved", sequence: entry.sequence)
      #expect((isDone(saved) ? takenBefore : takenAfter).contains(saved), "lost: \(saved)")
    }
    // Once per object, ever: for what had fired nothing comes but the very delivery that was unfinished.
    for request in after where request.event == "complete" {
      let first = webhooks.fired[request.object.replacing("-", with: "")]
      #expect(first == nil || first == delivery(request), "ready again: \(request)")
    }
    for id in waiting {
      let came = Set(after.filter { $0.event == "complete" && $0.object == id && $0.isTaken }.map(\.sequence))
      #expect(came.count == 1, "\(id) is complete now")
    }
    let complete = Dictionary(grouping: after.filter { $0.event == "complete" }, by: \.object)
    for (object, requests) in complete {
      #expect(Set(requests.map(\.sequence)).count == 1, "ready twice: \(object)")
    }
    for fired in webhooks.fired.values where isDone(fired) { #expect(takenBefore.contains(fired), "lost: \(fired)") }
  }
}
