import CommandLineTable
import JSON
import StorageSQLite
import Wire

/// `sojourn certificate`: the certificate that a server makes where it is given none.
enum CertificateCommands {
  static let make = Command(
    "make", summary: "Makes a new certificate for this machine, in place of the one in the data directory.",
    discussion: [
      "It names localhost, the loopback addresses, this machine and each --host, and signs itself. A server that runs "
        + "shows it within half a minute, or at once at SIGHUP. Clients that trust the present one must be given the new "
        + "one: DIR/tls/certificate.pem."
    ],
    options: [
      Commands.dataDirectory,
      CommandOption(
        "host", .several(.text), placeholder: "HOST",
        help: "A name or an address by which clients call this machine."),
      Commands.json,
    ],
    examples: [
      CommandExample("sojourn certificate make --data-dir data --host 192.168.1.7", "for a server in a local network")
    ])

  static func runMake(_ command: ParsedCommand) throws(UsageError) -> Int32 {
    let directory = command.text("data-dir") ?? ""
    if let sentence = DataDirectory.absence(at: directory) {
      throw command.usageError(sentence, hint: "Name the one that 'sojourn serve' was given.")
    }
    do {
      let files = try LocalIdentity.make(for: command.texts("host"), in: directory)
      if command.flag("json") {
        let made: JSONNode = ["certificate": .text(files.certificate)]
        print(made.string)
      } else {
        print("Made \(files.certificate). Give it to the clients that trusted the one before.")
      }
      return 0
    } catch {
      Terminal.say("sojourn: \(Sentence.of(error))\n", to: 2)
      return 1
    }
  }
}
