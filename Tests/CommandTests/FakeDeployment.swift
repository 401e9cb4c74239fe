import JSON
import Synchronization
import Wire

@testable import APIClient

/// A deployment in memory that knows `datamodel.json` and `batch.json`, and misbehaves as a test says.
final class FakeDeployment: APITransport {
  static let model = model(with: [])
  /// The data model; the flight has text fields of these names, too.
  private static func model(with fields: [String]) -> String {
    """
    {"models": {
      "airline": {"name": "airline", "fields": {}, "belongs_to": {}, "has_many": {}},
      "flight": {"name": "flight", "fields": {
        "number": {"name": "number", "type": "integer"},
        \(fields.map { #""\#($0)": {"name": "\#($0)", "type": "text"},"# }.joined()) "tail_number": {"name": "tail_number", "type": "text"},
        "position": {"name": "position", "type": "location"}, "tags": {"name": "tags", "type": "multiple-choice"},
        "boarding_pass": {"name": "boarding_pass", "type": "attachment"}},
       "belongs_to": {"airline": {"name": "airline", "model": "airline"}}, "has_many": {}}},
     "app_user": null, "datamodel_hash": "x"}
    """
  }

  struct State {
    /// Raw objects by id, in the order in which they came.
    var objects: [(id: String, raw: String)] = []
    var batches = 0
    var running = 0
    var mostRunning = 0
  }

  let state = Mutex(State())
  /// Takes the number of the request for a batch, from 1; an answer here stands in for the real one. The
  /// flag says that the batch is stored all the same.
  private let misbehaviour: @Sendable (Int) -> (Result<APIResponse, TransferFailure>, isStored: Bool)?
  /// The reason to refuse an object, by its number.
  private let refusal: @Sendable (String) -> String?

  private let model: String

  init(
    fields: [String] = [], refusing refusal: @escaping @Sendable (String) -> String? = { _ in nil },
    misbehaving misbehaviour:
      @escaping @Sendable (Int) -> (Result<APIResponse, TransferFailure>, isStored: Bool)? = { _ in nil }
  ) {
    model = Self.model(with: fields)
    self.refusal = refusal
    self.misbehaviour = misbehaviour
  }

  func send(_ request: APIRequest) async throws(TransferFailure) -> APIResponse {
    let body = request.body.map { Array($0.bytes) } ?? []
    return try answer(path: request.path.joined(separator: "/"), body: body).get()
  }

  func answer(path: String, body: [UInt8]) -> Result<APIResponse, TransferFailure> {
    if path == "datamodel.json" { return .success(APIResponse(status: 200, body: Array(model.utf8))) }
    let number = state.withLock { state in
      state.batches += 1
      return state.batches
    }
    if let (result, isStored) = misbehaviour(number) {
      if isStored { _ = store(body) }
      return result
    }
    return .success(store(body))
  }

  private func store(_ body: [UInt8]) -> APIResponse {
    guard let operations = try? JSONDocument.read(body).root["operations"] else {
      return APIResponse(status: 400, body: Array(#"{"type":"INVALID_API_REQUEST","detail":"broken"}"#.utf8))
    }
    var results: [String] = []
    for operation in operations.elements {
      let object = operation["object"]
      let id = object?["id"]?.string ?? ""
      let head = #"{"method":"put","object":{"type":"flight","id":"\#(id)"},"success":"#
      if let reason = refusal(object?["number"]?.string ?? "") {
        results.append(
          head + #"false,"error":{"type":"INVALID_VALUE","title":"t","detail":"\#(reason)","see":"s"}}"#)
      } else {
        results.append(head + "true}")
        state.withLock { state in
          state.objects.removeAll { $0.id == id }
          state.objects.append((id, object?.rawText ?? ""))
        }
      }
    }
    let text = #"{"stop_on_error":false,"operations":[\#(results.joined(separator: ","))]}"#
    return APIResponse(status: 200, body: Array(text.utf8))
  }
}

/// A file in memory that hands out at most `chunk` bytes at a time.
final class TextSource: CSVSource {
  private let bytes: [UInt8]
  private let chunk: Int
  private let position = Mutex(0)

  init(_ text: String, chunk: Int = .max) {
    bytes = Array(text.utf8)
    self.chunk = chunk
  }

  init(bytes: [UInt8]) {
    self.bytes = bytes
    chunk = .max
  }

  var size: Int? { bytes.count }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(CSVFault) -> Int {
    position.withLock { position in
      let count = min(buffer.count, chunk, bytes.count - position)
      buffer.copyBytes(from: bytes[position..<(position + count)])
      position += count
      return count
    }
  }
}
