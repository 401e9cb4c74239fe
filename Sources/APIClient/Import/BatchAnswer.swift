import JSON

/// What the server said of each operation of a batch (api.md section 8).
struct BatchAnswer: Equatable {
  struct Refusal: Equatable {
    /// The operation's index in the batch.
    let index: Int
    let reason: String
  }

  let refusals: [Refusal]

  init(refusals: [Refusal]) { self.refusals = refusals }

  /// Reads an answer of status 200; it must have exactly `count` entries.
  init(_ body: [UInt8], count: Int) throws(ImportError) {
    let document: JSONDocument
    do { document = try JSONDocument.read(body) } catch { throw .badAnswer("\(error)") }
    guard let operations = document.root["operations"], operations.isArray else {
      throw .badAnswer("no 'operations' in it")
    }
    guard operations.count == count else {
      throw .badAnswer("\(operations.count) results for \(count) operations")
    }
    var refusals: [Refusal] = []
    var index = 0
    for operation in operations.elements {
      switch operation["success"]?.bool {
      case true?: break
      case false?: refusals.append(Refusal(index: index, reason: Self.reason(operation["error"])))
      case nil: throw .badAnswer("operation \(index) has no 'success'")
      }
      index += 1
    }
    self.refusals = refusals
  }

  private static func reason(_ error: JSONValue?) -> String {
    error?["detail"]?.string ?? error?["title"]?.string ?? error?["type"]?.string
      ?? "refused without a reason"
  }
}

extension APIResponse {
  /// The detail of an error answer, on one line of at most 300 characters; empty when there is none.
  var errorDetail: String {
    guard let root = try? JSONDocument.read(body).root else { return "" }
    let text = root["detail"]?.string ?? root["title"]?.string ?? ""
    return String(text.prefix(300).map { $0.isNewline ? " " : $0 })
  }
}
