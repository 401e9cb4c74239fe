import Testing

/// A request and what is answered: a row of a table.
struct Scenario: Sendable, CustomTestStringConvertible {
  var name: String
  var method: String
  var path: String
  var headers: [String] = []
  var body: [UInt8]?
  var status: Int
  /// `ok` where no error is answered.
  var type: String
  /// A part of the error's detail.
  var detail = ""

  var testDescription: String { name }

  static func json(
    _ name: String, _ method: String, _ path: String, _ body: String, _ status: Int, _ type: String,
    _ detail: String
  ) -> Scenario {
    Scenario(
      name: name, method: method, path: path, headers: ["Content-Type: application/json"],
      body: Array(body.utf8),
      status: status, type: type, detail: detail)
  }

  static func plain(
    _ name: String, _ method: String, _ path: String, _ status: Int, _ type: String, _ detail: String = ""
  ) -> Scenario {
    Scenario(name: name, method: method, path: path, status: status, type: type, detail: detail)
  }

  static func typed(
    _ name: String, _ contentType: String, _ body: String, _ status: Int, _ type: String, _ detail: String
  ) -> Scenario {
    Scenario(
      name: name, method: "POST", path: "/objects/thing.json", headers: ["Content-Type: \(contentType)"],
      body: Array(body.utf8), status: status, type: type, detail: detail)
  }
}
