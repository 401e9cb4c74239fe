import Glibc
import JSON
import ServerUnderTest
import Testing

@testable import sojourn

@Suite("Signals")
struct SignalTests {
  /// A server that also serves https, at `port`.
  private struct Secure {
    let server: ServerUnderTest
    let port: String

    init(_ arguments: [String] = []) throws {
      server = try ServerUnderTest(
        schema: Schemas.small, arguments: ["--listen", "https://127.0.0.1:0"] + arguments)
      let mark = "Listening at https://127.0.0.1:"
      let found = try #require(server.log.ranges(of: mark).first)
      port = String(server.log[found.upperBound...].prefix { $0.isNumber })
    }

    /// Whether a client that trusts only `certificate` is answered at `host`.
    func isTrusted(by certificate: String, host: String = "127.0.0.1") throws -> Bool {
      let output = "\(server.directory.path)/curl"
      let curl = try ChildProcess(
        "curl",
        [
          "-sS", "--cacert", certificate, "--connect-to", "\(host):443:127.0.0.1:\(port)",
          "https://\(host)/health/live",
        ],
        output: output, errors: output)
      return try curl.wait() == 0
    }

    func eventually(_ isSo: () throws -> Bool) rethrows -> Bool {
      for _ in 0..<300 {
        if try isSo() { return true }
        usleep(100_000)
      }
      return false
    }
  }

  @Test("that mean nothing to a server do not end it, and cut nothing off")
  func ignored() throws {
    let server = try ServerUnderTest(schema: Schemas.small)
    let waiting = try server.connection()
    #expect(
      waiting.send(
        Array(
          "GET \(server.base)/oplog.json?wait=30 HTTP/1.1\r\nHost: a\r\n\(server.bearer)\r\n\r\n".utf8)))
    for number in SignalWatch.ignored + [SIGHUP, SIGPIPE, SIGXFSZ] {
      kill(server.processID, number)
    }
    #expect(try server.json("POST", "/objects/note.json", #"{"note":{"text":"still here"}}"#).status == 200)
    #expect(try waiting.answer().text.contains("still here"))
    #expect(try server.stop() == 0)
  }

  @Test("reload the certificate: SIGHUP at once, the files' change soon after; a bad pair changes nothing")
  func reload() throws {
    let secure = try Secure()
    let tls = "\(secure.server.dataDirectory)/tls"
    let (first, second) = ("\(secure.server.directory.path)/1.pem", "\(secure.server.directory.path)/2.pem")
    func keepCertificate(as path: String) throws {
      _ = try secure.server.directory.write(
        TemporaryDirectory.text(of: "\(tls)/certificate.pem"), to: String(path.suffix(5)))
    }
    try keepCertificate(as: first)
    #expect(try secure.isTrusted(by: first))

    // Made anew while the server runs, with a name more.
    let made = try secure.server.command("certificate", "make", "--host", "sojourn.example")
    #expect(made.exitCode == 0 && made.output.contains("\(tls)/certificate.pem"))
    try keepCertificate(as: second)
    kill(secure.server.processID, SIGHUP)
    #expect(try secure.eventually { try secure.isTrusted(by: second, host: "sojourn.example") })
    #expect(try !secure.isTrusted(by: first))
    #expect(secure.server.log.contains("Clients are shown the certificate"))

    // Half of a pair, as while somebody copies: what is shown stays, and the log says so.
    let key = TemporaryDirectory.text(of: "\(tls)/key.pem")
    #expect(unlink("\(tls)/key.pem") == 0)
    kill(secure.server.processID, SIGHUP)
    #expect(
      secure.eventually { secure.server.log.contains("The certificate was not changed, and the one in use stays") })
    #expect(secure.server.log.contains("cannot read the private key at"))
    #expect(try secure.isTrusted(by: second))
    _ = try secure.server.directory.write(key, to: "data/tls/key.pem")

    // Without a signal.
    let third = try secure.server.command("certificate", "make", "--json")
    #expect(try JSONDocument.read(Array(third.output.utf8)).root["certificate"]?.string == "\(tls)/certificate.pem")
    #expect(try secure.eventually { try secure.isTrusted(by: "\(tls)/certificate.pem") })
    #expect(try !secure.isTrusted(by: second))
    #expect(try secure.server.stop() == 0)
  }

  @Test("reload no setting that needs a start, and say which those are; a broken file changes nothing")
  func settings() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("idle-timeout = 70s\n", to: "sojourn.conf")
    let secure = try Secure(["--config", file])
    _ = try directory.write("idle-timeout = 60s\nread-limit = 5s\n", to: "sojourn.conf")
    kill(secure.server.processID, SIGHUP)
    let sentence = "SIGHUP: idle-timeout, read-limit changed, which takes effect when the server is started again."
    #expect(secure.eventually { secure.server.log.contains(sentence) })
    _ = try directory.write("idle-timeout = soon\n", to: "sojourn.conf")
    kill(secure.server.processID, SIGHUP)
    #expect(
      secure.eventually { secure.server.log.contains("SIGHUP: the settings cannot be read, and nothing was changed") })
    #expect(try secure.server.json("GET", "/objects/note.json").status == 200)

    #expect(try SojournBinary.run(["certificate", "make", "--data-dir", "\(directory.path)/none"]).exitCode == 2)

    // Certificate and key from elsewhere.
    let other = try ServerUnderTest(schema: Schemas.small)
    #expect(try other.command("certificate", "make").exitCode == 0)
    _ = try directory.write(
      "tls-cert = \(other.dataDirectory)/tls/certificate.pem\ntls-key = \(other.dataDirectory)/tls/key.pem\n",
      to: "sojourn.conf")
    kill(secure.server.processID, SIGHUP)
    #expect(try secure.eventually { try secure.isTrusted(by: "\(other.dataDirectory)/tls/certificate.pem") })
  }

  @Test("end a server whose terminal was closed, as SIGTERM does")
  func terminal() throws {
    let made = try ServerUnderTest(schema: Schemas.small)
    try made.stop()
    // The controlling end of a pseudo-terminal: unlock the other one (TIOCSPTLCK), and ask for its number
    // (TIOCGPTN).
    let controller = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    defer { close(controller) }
    var (isLocked, number): (Int32, UInt32) = (0, 0)
    try #require(ioctl(controller, 0x4004_5431, &isLocked) == 0 && ioctl(controller, 0x8004_5430, &number) == 0)
    let terminal = "/dev/pts/\(number)"
    let server = try ChildProcess(
      SojournBinary.path, ["serve", "--data-dir", made.dataDirectory, "--listen", "http://127.0.0.1:0"],
      output: "\(made.directory.path)/output", errors: terminal)
    var screen = ""
    func read(until mark: String) {
      var bytes = [UInt8](repeating: 0, count: 4096)
      while !screen.contains(mark) {
        let count = Glibc.read(controller, &bytes, bytes.count)
        if count <= 0 { return }
        screen += String(decoding: bytes[..<count], as: UTF8.self)
      }
    }
    read(until: "Listening at")
    server.signal(SIGHUP)
    read(until: "Everything that was acknowledged is on disk.")
    #expect(screen.contains("SIGHUP received: finishing what runs"))
    #expect(try server.wait() == 0)
  }

  @Test("A certificate that does not name an address that is listened at is said so, with the way out")
  func strangers() throws {
    let made = try ServerUnderTest(schema: Schemas.small, arguments: ["--listen", "https://127.0.0.1:0"])
    #expect(!made.log.contains("does not name"))
    #expect(made.log.contains("Trust it with: curl --cacert \(made.dataDirectory)/tls/certificate.pem"))
    try made.stop()
    // An address of this machine for which the certificate was not made.
    let secure = try ChildProcess(
      SojournBinary.path,
      ["serve", "--data-dir", made.dataDirectory, "--listen", "https://127.0.0.2:0", "--listen", "http://127.0.0.1:0"],
      output: "\(made.directory.path)/second", errors: "\(made.directory.path)/second")
    defer {
      secure.signal(SIGTERM)
      _ = try? secure.wait()
    }
    func isSaid(_ text: String) -> Bool {
      for _ in 0..<1000 where !secure.output.contains(text) { usleep(10_000) }
      return secure.output.contains(text)
    }
    #expect(isSaid("Listening at http://"))
    #expect(isSaid("does not name 127.0.0.2, so clients that ask there refuse it"))
    #expect(isSaid("sojourn certificate make --data-dir \(made.dataDirectory) --host 127.0.0.2 --host 127.0.0.1"))
    #expect(!secure.output.contains("Trust it with"))
  }
}
