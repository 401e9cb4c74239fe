import API
import CommandLineTable
import Crypto
import HTTPServer
import Storage
import Wire

/// The log, on standard error: text on a terminal, JSON lines otherwise. Secrets never reach it.
/// What came from outside is written out where it could do something to a terminal or a reader (`PrintableText`).
/// Notes and faults are written at once, requests to a terminal too; else they gather (`LogLines`).
final class ServerLog: APILog {
  private let isText: Bool
  private let style: TerminalStyle
  private let clock: any WallClock
  private let lines: LogLines

  init(isText: Bool, style: TerminalStyle, clock: any WallClock) {
    self.isText = isText
    self.style = style
    self.clock = clock
    lines = LogLines(to: 2, isLate: !isText)
  }

  func note(_ message: String) { line("info", message) }
  func warning(_ message: String) { line("warning", message) }
  func error(_ message: String) { line("error", message) }

  /// What an administrator did, and who it was; `members` say more of it.
  func act(_ message: String, _ members: [(String, String)]) { line("info", message, members) }

  /// An entry of the audit, with its hash: whoever keeps the log can tell later that the audit was not altered.
  func audit(_ entry: AuditEntry) {
    let draft = entry.draft
    let members: [(String, String?)] = [
      ("action", draft.action), ("target", draft.target.isEmpty ? nil : draft.target), ("by", draft.person?.text),
      ("address", draft.address.isEmpty ? nil : draft.address), ("deployment", draft.deployment),
      ("filter", draft.filter), ("count", draft.count.map { "\($0)" }), ("reference", draft.reference),
      ("outcome", draft.outcome), ("number", "\(entry.number)"), ("hash", Hex.encode(entry.hash)),
    ]
    line("info", "Audit", members.compactMap { key, value in value.map { (key, $0) } })
  }

  func fault(_ reason: String, requestID: String) {
    line("error", reason, [("request_id", requestID)])
  }

  func warning(_ message: String, requestID: String) {
    line("warning", message, [("request_id", requestID)])
  }

  /// The path goes in without its query, which may hold personal data.
  func request(_ exchange: FinishedExchange) {
    let head = exchange.head
    if isText {
      let milliseconds = Double(exchange.microseconds / 10) / 100
      return write(
        "\(clock.now) \(exchange.status) \(Self.shown(head.method.name)) \(Self.shown(head.rawPath, to: 200)) "
          + "\(milliseconds) ms \(exchange.bodyBytes) B\(exchange.caller.map { " \(Self.shown($0))" } ?? "")"
          + "\(exchange.completed ? "" : " (cut off)")\n")
    }
    var writer = ByteWriter(capacity: 512)
    begin("request", &writer)
    writer.append(",\"method\":")
    writer.append(quotedPrintable: head.method.name)
    writer.append(",\"path\":")
    writer.append(quotedPrintable: CutText.cut(head.rawPath, to: 1000))
    writer.append(",\"status\":")
    writer.append(integer: Int64(exchange.status))
    writer.append(",\"bytes\":")
    writer.append(integer: Int64(exchange.bodyBytes))
    writer.append(",\"microseconds\":")
    writer.append(integer: Int64(exchange.microseconds))
    writer.append(",\"remote\":")
    writer.append(quotedPrintable: head.remoteAddress)
    writer.append(",\"request_id\":")
    writer.append(quotedPrintable: head.requestID)
    if let caller = exchange.caller {
      writer.append(",\"caller\":")
      writer.append(quotedPrintable: CutText.cut(caller))
    }
    if !exchange.completed { writer.append(",\"completed\":false") }
    writer.append("}\n")
    lines.add(writer, isUrgent: false)
  }

  private func line(_ level: String, _ message: String, _ members: [(String, String)] = []) {
    if isText {
      let extra = members.map { " \($0)=\(PrintableText.escaped($1))" }.joined()
      let message = PrintableText.escaped(message)
      let text = level == "info" ? message : style.bold("\(level): \(message)")
      return write("\(clock.now) \(text)\(extra)\n")
    }
    var writer = ByteWriter(capacity: 512)
    begin(level, &writer)
    writer.append(",\"message\":")
    writer.append(quotedPrintable: message)
    for (key, value) in members {
      writer.append(",")
      writer.append(quoted: key)
      writer.append(":")
      writer.append(quotedPrintable: value)
    }
    writer.append("}\n")
    lines.add(writer, isUrgent: true)
  }

  private static func shown(_ text: String, to limit: Int = CutText.limit) -> String {
    PrintableText.escaped(CutText.cut(text, to: limit))
  }

  private func write(_ text: String) {
    var writer = ByteWriter(capacity: 256)
    writer.append(text: text)
    lines.add(writer, isUrgent: true)
  }

  private func begin(_ level: String, _ writer: inout ByteWriter) {
    writer.append("{\"time\":\"")
    writer.append(instant: clock.now)
    writer.append("\",\"level\":")
    writer.append(quoted: level)
  }
}
