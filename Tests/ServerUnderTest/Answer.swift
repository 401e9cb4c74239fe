import JSON

/// An answer as it came over the socket.
package struct Answer: Sendable {
  package var status: Int
  /// Names in lower case, in the order in which they came.
  package var headers: [(name: String, value: String)]
  package var body: [UInt8]

  package init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  package var text: String { String(decoding: body, as: UTF8.self) }

  package subscript(header name: String) -> String? { headers.first { $0.name == name.lowercased() }?.value }

  /// - Throws: where the body is no JSON.
  package var json: JSONValue {
    get throws(TestFault) {
      do throws(JSONError) {
        return try JSONDocument.read(body).root
      } catch {
        throw TestFault("\(status) with a body that is no JSON (\(error)): \(text.prefix(300))")
      }
    }
  }

  /// The `type` of an error; `ok` below status 400.
  package var type: String { status < 400 ? "ok" : (try? json["type"]?.string).flatMap { $0 } ?? "no JSON" }
  package var detail: String { (try? json["detail"]?.string).flatMap { $0 } ?? "" }
}
