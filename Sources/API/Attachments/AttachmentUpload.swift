import Attachments
import Deployments
import HTTPServer
import Objects
import Wire

/// A raw upload: the body is the bytes, of any type and larger than memory, and the answer is the id to link
/// (api.md section 10).
///
/// `@unchecked Sendable` is safe: the server calls it one call after the other.
final class AttachmentUpload: BodyReceiver, @unchecked Sendable {
  let limit: Int
  private let request: DeploymentRequest
  private let id: ObjectID
  /// Whether someone else gave the id, so that it may be in use.
  private let isGiven: Bool
  private let fileName: String?
  private let intake: StreamedIntake
  private var isBegun = false
  /// Turns what is thrown into an answer.
  private let answering: @Sendable (@Sendable () async throws -> Response?) async -> Response?

  /// `given` is the id of the path; nil draws one.
  /// - Throws: `APIError`, `BlobFault`.
  init(
    _ request: DeploymentRequest, given text: String?, newID: () -> ObjectID,
    answering: @escaping @Sendable (@Sendable () async throws -> Response?) async -> Response?
  ) throws {
    if let text {
      guard let id = ObjectID(text) else {
        throw APIError(.invalidValue, "id: \"\(CutText.cut(text))\" is refused: it takes a UUID in lower case.")
      }
      self.id = id
    } else {
      id = newID()
    }
    isGiven = text != nil
    fileName = try Self.fileName(request.context.head)
    intake = try request.calls.streamedIntake()
    limit = request.calls.attachmentLimit
    self.request = request
    self.answering = answering
  }

  private static func fileName(_ head: RequestHead) throws(APIError) -> String? {
    guard let name = head.headers["x-filename"], !name.isEmpty else { return nil }
    if let problem = AttachmentFileName.problem(with: name) {
      throw APIError(.invalidValue, "X-Filename: \"\(CutText.cut(name))\" is refused: \(problem).")
    }
    return name
  }

  func receive(_ piece: RequestBody) async -> Response? {
    await answering { [self] in
      try await request.context.check()
      // Nobody should send gigabytes only to hear that they are not wanted.
      if isGiven, !isBegun, try await request.calls.hasBytes(id) { throw taken }
      isBegun = true
      try await intake.append(piece.bytes)
      return nil
    }
  }

  func finish() async -> Response {
    let answer = await answering { [self] in
      let filled = try await intake.finish()
      let isReceived = try await request.whileAdmitted {
        try await request.calls.receive(
          filled, as: id, named: fileName, in: request.objectContext, admitted: request.context.check)
      }
      guard isReceived else { throw taken }
      var writer = ByteWriter(capacity: 64)
      writer.append("{\"id\":\"")
      writer.append(id: id)
      writer.append("\"}")
      return request.context.answers.json(.memory(writer.detach()))
    }
    return answer ?? request.context.answers.response(to: APIError(.internalError, APIError.internalDetail))
  }

  private var taken: APIError {
    APIError(
      .conflict, "The attachment \(id) has bytes already; they are never replaced. Upload under another id.",
      status: 409)
  }
}
