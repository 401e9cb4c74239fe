import CommandLineTable
import Glibc
import ServerUnderTest
import Testing
import Transfers
import Wire

@testable import sojourn

@Suite("A service manager")
struct ServiceManagerTests {
  private let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  private func server(_ manager: ManagerSocket, _ more: String...) throws -> ServerUnderTest {
    try ServerUnderTest(
      schema: Schemas.small, arguments: ["--listen", "https://127.0.0.1:0"],
      environment: ["NOTIFY_SOCKET=\(manager.address)"] + more)
  }

  @Test("is told of the start, of a reload and of the end, and in between that the server answers")
  func life() throws {
    let manager = try ManagerSocket("\(folder.path)/notify")
    let server = try server(manager, "WATCHDOG_USEC=400000")
    #expect(manager.hears("READY=1"))
    #expect(manager.messages.first?.first == "EXTEND_TIMEOUT_USEC=30000000")
    let status = "STATUS=Serves 1 deployment at http://127.0.0.1:\(server.port), https://127.0.0.1:"
    #expect(manager.messages.last?.contains { $0.hasPrefix(status) } == true)
    #expect(manager.hears("WATCHDOG=1"))
    #expect(manager.hears("WATCHDOG=1"))

    kill(server.processID, SIGHUP)
    #expect(manager.hears("RELOADING=1"))
    let stamp = manager.messages.last?.first { $0.hasPrefix("MONOTONIC_USEC=") }
    #expect(stamp.flatMap { UInt64($0.dropFirst(15)) } ?? 0 > 0)
    #expect(manager.hears("READY=1"))

    #expect(try server.stop() == 0)
    #expect(manager.hears("STOPPING=1"))
    #expect(manager.messages.last == ["STOPPING=1", "STATUS=Finishes what runs, for up to 30 seconds."])
  }

  @Test("could be told by a server that listens for TLS alone: it does not look at its own certificate")
  func encrypted() async throws {
    let manager = try ManagerSocket("\(folder.path)/notify")
    let server = try server(manager)
    let mark = "Listening at https://127.0.0.1:"
    let found = try #require(server.log.ranges(of: mark).first)
    let port = server.log[found.upperBound...].prefix { $0.isNumber }
    let loop = try TransferLoop.start(named: "test", connections: 1)
    defer { loop.stop() }
    let problem = await withCheckedContinuation { continuation in
      loop.submit(SelfRequest("https://127.0.0.1:\(port)", within: 20_000) { continuation.resume(returning: $0) })
    }
    #expect(problem == nil)
  }

  @Test("with an abstract name is told of a state that changes; a watchdog of another process is not fed")
  func words() throws {
    let manager = try ManagerSocket("@sojourn-test-\(getpid())")
    let server = try server(manager, "WATCHDOG_USEC=200000", "WATCHDOG_PID=1")
    #expect(manager.hears("READY=1"))
    let made = try server.command(
      "deployment", "create", "--name", "second", "--environment", "testing", "--data-model",
      "\(server.directory.path)/schema.xml")
    #expect(made.exitCode == 0)
    #expect(manager.hears("STATUS=Serves 2 deployments"))
    #expect(!manager.messages.contains(["WATCHDOG=1"]))
  }

  @Test("is told why a start failed")
  func refusal() throws {
    let manager = try ManagerSocket("\(folder.path)/notify")
    let environment = ["NOTIFY_SOCKET=\(manager.address)"]
    let none = "\(folder.path)/none"
    #expect(
      try SojournBinary.run(["serve", "--data-dir", none, "--require-existing"], environment: environment).exitCode == 2
    )
    #expect(manager.hears("STATUS=Cannot start: There is no data directory"))
  }

  @Test("that is not there is complained of once, and the server goes on", arguments: ["/nowhere/notify", "notify"])
  func absence(_ address: String) throws {
    let server = try ServerUnderTest(
      schema: Schemas.small, environment: ["NOTIFY_SOCKET=\(address)", "WATCHDOG_USEC=20000"])
    usleep(300_000)
    #expect(try server.json("GET", "/objects/note.json").status == 200)
    #expect(server.log.ranges(of: "The service manager cannot be told").count == 1)
    #expect(try server.stop() == 0)
  }

  @Test("hears no beat of a server that does not answer")
  func hang() async throws {
    let manager = try ManagerSocket("\(folder.path)/notify")
    let stub = try StubServer { _ in .silence(seconds: 2) }
    let log = ServerLog(isText: false, style: Terminal.style(of: 2), clock: SystemClock())
    func reports(isFull: Bool) -> ServiceReports {
      ServiceReports(
        notifier: ServiceNotifier(manager.address, log: log),
        watchdog: ServiceWatchdog(microseconds: "200000", process: nil, own: 1), log: log, words: { "" },
        address: "http://127.0.0.1:\(stub.port)", isFull: { isFull })
    }
    let silent = Task { [reports = reports(isFull: false)] in await reports.run() }
    #expect(!manager.hears("WATCHDOG=1", seconds: 1))
    silent.cancel()
    await silent.value
    // All its connections are taken: it is busy, and does not hang.
    let busy = Task { [reports = reports(isFull: true)] in await reports.run() }
    #expect(manager.hears("WATCHDOG=1"))
    busy.cancel()
    await busy.value
  }
}
