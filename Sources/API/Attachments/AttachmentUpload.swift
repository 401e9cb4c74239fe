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
  private let common: CommonAnswers

  /// - Throws: `APIError`, `BlobFault`.
  init(_ request: DeploymentRequest, _ route: AttachmentRoute, _ common: CommonAnswers) throws {
    switch route {
    case .create: (id, isGiven) = (request.newID(), false)
    case .put:
      guard let id = ObjectID(request.match.values.id) else { throw APIError.noID(request.match.values.id) }
      (self.id, isGiven) = (id, true)
    }
    fileName = try Self.fileName(request.context.head)
    intake = try request.calls.streamedIntake()
    limit = request.calls.attachmentLimit
    self.request = request
    self.common = common
  }

  private static func fileName(_ head: RequestHead) throws(APIError) -> String? {
    guard let name = head.headers["x-filename"], !name.isEmpty else { return nil }
    if let problem = AttachmentFileName.problem(with: name) {
      throw APIError(.invalidValue, "X-Filename: \"\(CutText.cut(name))\" is refused: \(problem).")
    }
    return name
  }

  func receive(_ piece: RequestBody) async -> Response? {
    await common.answering(request.answers) { () async throws -> Response? in
      try await request.context.check()
      // Nobody should send gigabytes only to hear that they are not wanted.
      if isGiven, !isBegun, try await request.calls.hasBytes(id) { throw taken }
      isBegun = true
      try await intake.append(piece.bytes)
      return nil
    }
  }

  func finish() async -> Response {
    await common.answering(request.answers) {
      let filled = try await intake.finish()
      let isReceived = try await request.whileAdmitted {
        try await request.calls.receive(
          filled, as: id, named: fileName, in: request.objectContext(under: request.view),
          admitted: request.context.check)
      }
      guard isReceived else { throw taken }
      var writer = ByteWriter(capacity: 64)
      writer.append("{\"id\":\"")
      writer.append(id: id)
      writer.append("\"}")
      return request.answers.json(.memory(writer.detach()))
    }
  }

  private var taken: APIError {
    APIError(
      .conflict, "The attachment \(id) has bytes already; they are never replaced. Upload under another id.",
      status: 409)
  }
}
