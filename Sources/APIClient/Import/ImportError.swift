import CommandLineTable
import Wire

/// Why an import ended before the end of its file.
package enum ImportError: Error, Equatable, CustomStringConvertible {
  case file(CSVFault)
  case unknownModel(String, known: [String])
  case unknownColumns([String], model: String, known: [String])
  case repeatedColumn(String)
  case header(String)
  case rejects(String)
  /// No answer, also after all tries.
  case transfer(TransferFailure)
  /// An answer that ends the import, with the server's own words.
  case refused(status: Int, detail: String)
  /// An answer that is not what the API says.
  case badAnswer(String)

  /// One sentence without a full stop.
  package var description: String {
    switch self {
    case .file(let fault): return "\(fault)"
    case .unknownModel(let name, let known):
      return "the deployment has no model '\(CutText.cut(name))'\(NearestName.question(name, among: known)); "
        + "it has \(Self.list(known))"
    case .unknownColumns(let columns, let model, let known):
      let named = columns.map { "'\(CutText.cut($0))'\(NearestName.question($0, among: known))" }
      return "the model \(model) has no \(columns.count == 1 ? "column" : "columns") \(Self.list(named)); "
        + "it has \(Self.list(known))"
    case .repeatedColumn(let name): return "the column '\(CutText.cut(name))' stands twice"
    case .header(let why): return why
    case .rejects(let why): return "the file of refused rows: \(why)"
    case .transfer(let failure): return failure.description
    case .refused(let status, let detail): return Self.sentence(status, detail)
    case .badAnswer(let why): return "the server's answer cannot be understood: \(why)"
    }
  }

  /// What a person can do about it, where there is something.
  package var hint: String? {
    switch self {
    case .transfer(let failure) where failure.cause == .certificate:
      "A server that made its own certificate keeps it in its data directory: give that file as --cacert."
    case .transfer(let failure) where failure.cause == .connection:
      "Is the server running, and is the base URL right?"
    case .refused(status: 401, _):
      "The user name is the deployment's id; 'sojourn password reset' makes a new password."
    case .unknownColumns, .repeatedColumn: "Nothing was sent. Correct the first line of the file."
    default: nil
    }
  }

  private static func sentence(_ status: Int, _ detail: String) -> String {
    let words = clause(detail)
    return switch status {
    case 401: "the user name, password or token is wrong (401)"
    case 403: "these credentials may not write (403)\(words)"
    case 404: "no such deployment at this base URL (404)\(words)"
    case 413: "a batch is larger than the server takes (413)\(words)"
    case 429, 500...599: "the server could not do it, also after several tries (\(status))\(words)"
    case 300...399: "the server sends us elsewhere (\(status)\(words)), which is not followed"
    default: "the server refused a whole batch (\(status))\(words)"
    }
  }

  /// What the server said, behind a colon. Its sentence ends where ours does, so that one full stop is enough.
  static func clause(_ detail: String) -> String {
    let words = detail.hasSuffix(".") ? String(detail.dropLast()) : detail
    return words.isEmpty ? "" : ": \(words)"
  }

  /// At most 40 names.
  private static func list(_ names: [String]) -> String {
    if names.isEmpty { return "none" }
    let rest = names.count - 40
    return names.prefix(40).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }
}
