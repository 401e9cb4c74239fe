import Attachments
import HTTPServer
import Objects
import Wire

/// Raw uploads: the bytes are the body, of any type, and the answer is the id to link (api.md section 10).
struct AttachmentUploads {
  let head: RequestHead
  let calls: ObjectCalls
  let origin: String

  /// POST: under a new id.
  /// - Throws: `APIError`, `BlobFault`, `StorageError`.
  func create(_ body: RequestBody, _ answers: AnswerBuilder, id: ObjectID) async throws -> Response {
    try await take(body, answers, id)
  }

  /// PUT: for an id that is pending or not known yet.
  /// - Throws: `APIError`, `BlobFault`, `StorageError`.
  func put(_ body: RequestBody, _ answers: AnswerBuilder, id text: String) async throws -> Response {
    guard let id = ObjectID(text) else {
      throw APIError(.invalidValue, "id: \"\(CutText.cut(text))\" is refused: it takes a UUID in lower case.")
    }
    return try await take(body, answers, id)
  }

  private func take(_ body: RequestBody, _ answers: AnswerBuilder, _ id: ObjectID) async throws -> Response {
    let name = try fileName
    let isTaken = try await calls.receive(id, fileName: name, origin: origin) { piece in try piece(body.bytes) }
    guard isTaken else {
      throw APIError(
        .conflict, "The attachment \(id) has bytes already; they are never replaced. Upload under another id.",
        status: 409)
    }
    var writer = ByteWriter(capacity: 64)
    writer.append("{\"id\":\"")
    writer.append(id: id)
    writer.append("\"}")
    return answers.json(.memory(writer.detach()))
  }

  private var fileName: String? {
    get throws(APIError) {
      guard let name = head.headers["x-filename"], !name.isEmpty else { return nil }
      if let problem = AttachmentFileName.problem(with: name) {
        throw APIError(.invalidValue, "X-Filename: \"\(CutText.cut(name))\" is refused: \(problem).")
      }
      return name
    }
  }
}
