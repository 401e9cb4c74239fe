/// Why a mirror cannot go on.
package enum MirrorError: Error, Equatable, CustomStringConvertible {
  /// A file or directory of ours, and what is wrong with it.
  case file(String, String)
  case transfer(TransferFailure)
  case refused(status: Int, detail: String)
  case badAnswer(String)
  /// Nothing could be read on after several loads.
  case restless(String)

  /// One sentence without a full stop.
  package var description: String {
    switch self {
    case .file(let path, let why): "\(path): \(why)"
    case .transfer(let failure): failure.description
    case .refused(let status, let detail):
      switch status {
      case 401: "the user name, password or token is wrong (401)"
      case 404: "no such deployment at this base URL (404)\(ImportError.clause(detail))"
      default: "the server refused (\(status))\(ImportError.clause(detail))"
      }
    case .badAnswer(let why): "the server's answer cannot be understood: \(why)"
    case .restless(let why): "the objects were loaded again and again, because \(why)"
    }
  }

  /// Whether another try, later, may go better.
  var mayPass: Bool {
    switch self {
    case .transfer(let failure): failure.cause == .connection
    case .refused(let status, _): status == 429 || status >= 500
    default: false
    }
  }
}
