import CommandLineTable
import Glibc
import HTTPServer
import Wire

/// The certificate that the server shows: the operator's, or one that it makes for this machine and
/// keeps.
enum LocalIdentity {
  static let certificate = CommandOption(
    "tls-cert", .path, placeholder: "F", environment: "SOJOURN_TLS_CERT", key: "tls-cert",
    help: "The certificate with its chain (PEM).")
  static let privateKey = CommandOption(
    "tls-key", .path, placeholder: "F", environment: "SOJOURN_TLS_KEY", key: "tls-key",
    help: "The certificate's private key (PEM).")

  /// Where certificate and key lie.
  struct Files: Sendable, Equatable {
    let certificate: String
    let key: String
    /// The server's own, in the data directory.
    let isOwn: Bool

    static func own(in directory: String) -> Files {
      Files(certificate: "\(directory)/tls/certificate.pem", key: "\(directory)/tls/key.pem", isOwn: true)
    }

    var stamps: [FileWatch.Stamp?] { [FileWatch.Stamp(of: certificate), FileWatch.Stamp(of: key)] }

    func load() throws(ServerError) -> TLSIdentity {
      try TLSIdentity.load(certificatePath: certificate, privateKeyPath: key)
    }
  }

  /// The files that the settings name.
  static func files(_ command: ParsedCommand, in directory: String) throws(UsageError) -> Files {
    switch (command.text("tls-cert"), command.text("tls-key")) {
    case (let certificate?, let key?): Files(certificate: certificate, key: key, isOwn: false)
    case (nil, nil): .own(in: directory)
    default: throw command.usageError("--tls-cert and --tls-key belong together; give both or neither")
    }
  }

  /// Makes the server's own where it has none yet, says how to trust it, and which of the addresses that are
  /// listened at it does not name.
  /// - Throws: `ServerError`, `ServeFault`.
  static func load(_ files: Files, _ command: ParsedCommand, in directory: String, log: ServerLog) throws
    -> TLSIdentity
  {
    guard files.isOwn else { return try files.load() }
    let addresses = command.listenAddresses("listen")
    let hosts = addresses.map(\.host).filter { $0 != "0.0.0.0" && $0 != "::" }
    if access(files.certificate, F_OK) != 0 || access(files.key, F_OK) != 0 {
      try make(for: hosts, in: directory)
      log.note("Made a certificate for this machine: \(files.certificate)")
    }
    let identity: TLSIdentity
    do throws(ServerError) {
      identity = try files.load()
    } catch {
      throw ServeCommand.ServeFault(
        sentence: "\(error.description). \(making(for: hosts, in: directory)) makes both anew.")
    }
    // Where plain http is served, nobody looks at a certificate.
    let strangers = addresses.filter { $0.isEncrypted && hosts.contains($0.host) && !identity.names($0.host) }.map(
      \.host)
    if !strangers.isEmpty {
      log.warning(
        "The certificate \(files.certificate) does not name \(strangers.joined(separator: " and ")), so clients that "
          + "ask there refuse it. \(making(for: hosts, in: directory)) makes one that does; clients that trust the "
          + "present one must then be given the new one.")
    }
    if let address = addresses.first(where: { $0.isEncrypted && !strangers.contains($0.host) }) {
      let host = address.host == "0.0.0.0" || address.host == "::" ? "127.0.0.1" : address.host
      log.note(
        "Trust it with: curl --cacert \(files.certificate) "
          + "https://\(host.contains(":") ? "[\(host)]" : host):\(address.port)/health/ready")
    }
    return identity
  }

  /// Makes a certificate for this machine, its loopback addresses and `hosts` in place of what is there.
  /// - Throws: `ServerError`, `ServeFault`.
  @discardableResult
  static func make(for hosts: [String], in directory: String) throws -> Files {
    let made = try LocalCertificate.make(
      hostNames: hosts + [machineName].compactMap(\.self), now: Int(SystemClock().milliseconds() / 1000))
    _ = MadeFile.folder("\(directory)/tls", 0o700)
    let files = Files.own(in: directory)
    // The key first: with it alone, the next start makes both anew.
    try write(made.privateKeyPEM, to: files.key, mode: 0o600)
    try write(made.certificatePEM, to: files.certificate, mode: 0o644)
    return files
  }

  private static func making(for hosts: [String], in directory: String) -> String {
    "`sojourn certificate make --data-dir \(directory)\(hosts.map { " --host \($0)" }.joined())`"
  }

  private static var machineName: String? {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return nil }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The file is there whole or not at all, also after a crash or on a full disk: half a certificate
  /// would be taken for the operator's at each later start.
  private static func write(_ text: String, to path: String, mode: mode_t) throws {
    let draft = path + ".new"
    func fault() -> ServeCommand.ServeFault {
      let reason = String(cString: strerror(errno))
      unlink(draft)
      return ServeCommand.ServeFault(sentence: "\(path) cannot be written: \(reason).")
    }
    let number = MadeFile.open(draft, O_WRONLY | O_TRUNC, mode)
    guard number >= 0 else { throw fault() }
    let file = OwnedDescriptor(number)
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(file.number, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw fault() }
      bytes = bytes.dropFirst(count)
    }
    guard fsync(file.number) == 0, rename(draft, path) == 0 else { throw fault() }
  }
}
