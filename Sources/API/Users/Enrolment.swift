import Deployments
import HTTPServer
import JSON
import Storage
import Wire

/// `POST {base}/enroll`: a device signs in with a token (users.md «Devices»). It needs no credentials, so
/// whatever it takes is bounded before it is read.
struct Enrolment: Sendable {
  let deployment: Deployment
  let head: RequestHead
  let clock: any WallClock

  /// Rate (429), content type (415), size (413).
  func check(_ brake: AddressBrake) throws(APIError) {
    if let seconds = brake.secondsToWait(head.remoteAddress, atMilliseconds: clock.milliseconds()) {
      throw APIError(
        .tooManyRequests, "Too many enrolments from this address. Try again in \(seconds) s.", retryAfter: seconds)
    }
    _ = try ContentType.read(head.headers["content-type"], for: .json)
    if head.headers["content-encoding"] != nil {
      throw APIError(.invalidRequest, "An enrolment's body is read without a Content-Encoding.", status: 415)
    }
    if head.headers["transfer-encoding"] != nil || head.declaredLength ?? 0 > EnrolmentBody.mostBytes {
      throw Self.tooLarge
    }
  }

  private static let tooLarge = APIError(
    .invalidRequest, "An enrolment's body has at most \(EnrolmentBody.mostBytes) bytes, and a Content-Length.",
    status: 413)

  /// - Throws: `APIError`, `StorageError`.
  func answer(_ body: RequestBody) async throws -> ByteBlock {
    if body.bytes.count > EnrolmentBody.mostBytes { throw Self.tooLarge }
    let document = try JSONDocument.read(body)
    let wanted = try EnrolmentBody(document.root)
    let (outcome, secret) = try await AppUsers(deployment, clock: clock).enrol(token: wanted.token, wanted.about)
    switch outcome {
    case .enrolled(let user, let session):
      var writer = ByteWriter(capacity: 512)
      writer.append("{\"enrollment_id\":\"")
      writer.append(id: session)
      writer.append("\",\"auth_token\":")
      writer.append(quoted: secret)
      writer.append(",\"user_id\":\"")
      writer.append(id: user)
      writer.append("\",\"session_id\":\"")
      writer.append(id: session)
      writer.append("\"}")
      return writer.detach()
    case .unknownToken: throw Self.refused("The enrolment token is not known here.")
    case .usedToken: throw Self.refused("The enrolment token was used already: each works once. Ask for a fresh one.")
    case .expiredToken: throw Self.refused("The enrolment token has expired. Ask for a fresh one.")
    case .lockedUser: throw Self.refused("The user is locked. The token can be used when the user is unlocked.")
    case .deletedUser: throw Self.refused("The user was deleted.")
    }
  }

  private static func refused(_ detail: String) -> APIError { APIError(.permissionDenied, detail) }
}

extension JSONDocument {
  /// Reads a request's body.
  /// - Throws: `APIError` with status 400.
  static func read(_ body: RequestBody) throws(APIError) -> JSONDocument {
    if body.bytes.isEmpty { throw APIError(.invalidRequest, "The body is empty.") }
    do throws(JSONError) {
      return try JSONDocument.read(body.bytes, keeping: body)
    } catch {
      throw APIError(.invalidRequest, "The body is no JSON: \(error).")
    }
  }
}
