import CommandLineTable
import Glibc
import HTTPServer
import Wire

/// The certificate that the server shows: the operator's, or one that it makes for this machine and
/// keeps.
enum LocalIdentity {
  static func load(_ command: ParsedCommand, in directory: String, log: ServerLog) throws -> TLSIdentity {
    switch (command.text("tls-cert"), command.text("tls-key")) {
    case (let certificate?, let key?):
      return try TLSIdentity.load(certificatePath: certificate, privateKeyPath: key)
    case (nil, nil): break
    default: throw command.usageError("--tls-cert and --tls-key belong together; give both or neither")
    }
    let certificate = "\(directory)/tls/certificate.pem"
    let key = "\(directory)/tls/key.pem"
    if access(certificate, F_OK) != 0 || access(key, F_OK) != 0 {
      let made = try LocalCertificate.make(
        hostNames: hosts(command), now: Int(SystemClock().milliseconds() / 1000))
      _ = MadeFile.folder("\(directory)/tls", 0o700)
      // The key first: with it alone, the next start makes both anew.
      try write(made.privateKeyPEM, to: key, mode: 0o600)
      try write(made.certificatePEM, to: certificate, mode: 0o644)
      log.note("Made a certificate for this machine: \(certificate)")
    }
    if let address = command.listenAddresses("listen").first(where: \.isEncrypted) {
      let host = address.host == "0.0.0.0" || address.host == "::" ? "127.0.0.1" : address.host
      log.note(
        "Trust it with: curl --cacert \(certificate) https://\(host.contains(":") ? "[\(host)]" : host):\(address.port)/health/ready"
      )
    }
    return try TLSIdentity.load(certificatePath: certificate, privateKeyPath: key)
  }

  /// The names by which clients may call this machine.
  private static func hosts(_ command: ParsedCommand) -> [String] {
    var names = command.listenAddresses("listen").map(\.host).filter { $0 != "0.0.0.0" && $0 != "::" }
    var name = [CChar](repeating: 0, count: 256)
    if gethostname(&name, name.count - 1) == 0 {
      names.append(String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
    return names
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
