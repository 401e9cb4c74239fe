import Attachments
import HTTPServer
import Objects
import Storage
import Wire

/// A download by a signed address (api.md section 10): it needs no credentials.
struct AttachmentDownload {
  private let head: RequestHead
  private let attachment: ObjectID
  private let variant: AttachmentVariant
  /// Until then the address is good, and the answer may be kept.
  private let secondsLeft: Int64

  /// - Throws: `APIError`: 404 for a variant that there is not, 403 for a signature that is wrong or expired.
  init(
    head: RequestHead, values: PathValues, deployment: String, signature: AttachmentSignature, at now: Instant
  ) throws(APIError) {
    guard let variant = AttachmentVariant(rawValue: values.variant) else { throw .noRoute(head) }
    let query = try? QueryPairs(head.rawQuery)
    let expires = query?["expires"].flatMap { Int64($0) }
    guard let id = ObjectID(values.id), let expires,
      signature.isValid(
        query?["signature"] ?? "", deployment: deployment, attachment: id, variant: variant, expires: expires,
        at: now)
    else {
      throw APIError(
        .permissionDenied,
        "The attachment's address is not one that this server handed out, or has expired. Read the object again for "
          + "a fresh one.")
    }
    self.head = head
    self.variant = variant
    attachment = id
    secondsLeft = expires - now.secondsSince1970
  }

  /// - Throws: `APIError`, `BlobFault`, `StorageError`.
  func answer(from calls: ObjectCalls, _ answers: AnswerBuilder) async throws -> Response {
    let record = try await calls.attachment(attachment)
    guard let record, let key = record.key else {
      throw APIError(
        .objectNotFound, "There is no attachment with the id \"\(attachment)\", or its bytes have not come.")
    }
    let traits = ContentTraits(rawValue: Int(truncatingIfNeeded: record.traits))
    let form = try Form(variant, of: traits)
    let tag = EntityTag(naming: "\(key.hash)-\(form.name)")
    var headers = [
      (name: "ETag", value: tag.text),
      (name: "Cache-Control", value: "private, max-age=\(max(secondsLeft, 0)), no-transform"),
    ]
    if let named = tag.named(by: head.headers["if-none-match"]) {
      headers[0].value = named
      return answers.dressed(Response(status: 304, headers: headers))
    }
    if form.isSmaller { return try await smaller(key, headers, tag, from: calls, answers) }
    let served = ServedType(traits, fileName: record.fileName)
    headers.append(("Content-Type", served.contentType))
    headers.append(("Content-Disposition", Self.disposition(served, record.fileName)))
    if let policy = served.policy { headers.append(("Content-Security-Policy", policy)) }
    switch try await calls.content(of: key) {
    case .file(let file, let size): return ranged(file, size: size, headers, tag, answers)
    case .elsewhere(let request):
      // The store sends no policy: what would run without one is offered for saving there.
      var away = served
      if served.needsPolicy { away.isDownload = true }
      let address = request.address(
        head.method == .head ? .head : .get, away.contentType, Self.disposition(away, record.fileName))
      // The address lives shorter than this one: it is asked for anew each time.
      return answers.dressed(Response(status: 302, headers: [("Location", address), ("Cache-Control", "no-store")]))
    }
  }

  /// A picture that is made smaller when it is first asked for.
  private func smaller(
    _ key: BlobKey, _ headers: [(name: String, value: String)], _ tag: EntityTag,
    from calls: ObjectCalls, _ answers: AnswerBuilder
  ) async throws -> Response {
    switch try await calls.picture(of: key, variant) {
    case .file(let file, let size, let type):
      let all = headers + [("Content-Type", type), ("Content-Disposition", "inline")]
      return ranged(file, size: size, all, tag, answers)
    case .refused:
      throw APIError(.objectNotFound, "The attachment has no \(variant.rawValue): it is no picture that can be read.")
    case .busy:
      throw APIError(.unavailable, "Too many pictures are being made smaller. Try again in a moment.", retryAfter: 1)
    case .unavailable(let reason): throw BlobFault.unavailable(reason)
    case .missing: throw try await calls.lost(key)
    }
  }

  /// How the variant is had.
  private struct Form {
    /// As the tag names it: what is sent alike has one tag.
    let name: String
    /// Whether it is made of the bytes, and not the bytes as they came.
    let isSmaller: Bool

    init(_ variant: AttachmentVariant, of traits: ContentTraits) throws(APIError) {
      switch variant {
      case .original: (name, isSmaller) = ("original", false)
      case .svg where traits.contains(.svg): (name, isSmaller) = ("original", false)
      // A drawing is never rendered: it is its own smaller picture.
      case .thumbnail where traits.contains(.svg), .fullscreen where traits.contains(.svg):
        (name, isSmaller) = ("original", false)
      case .thumbnail where !traits.isDisjoint(with: .picture), .fullscreen where !traits.isDisjoint(with: .picture):
        (name, isSmaller) = (variant.madeName, true)
      case .svg, .thumbnail, .fullscreen:
        throw APIError(.objectNotFound, "The attachment has no \(variant.rawValue).")
      }
    }
  }

  private static func disposition(_ served: ServedType, _ fileName: String?) -> String {
    let kind = served.isDownload ? "attachment" : "inline"
    // Names hold nothing that would have to be escaped (`AttachmentFileName`).
    return fileName.map { "\(kind); filename=\"\($0)\"" } ?? kind
  }

  /// Several ranges with their heads (RFC 9110 section 14.6). The boundary is of the bytes' own hash: nobody
  /// can write bytes that hold it.
  private static func parts(
    _ ranges: [Range<Int>], size: Int, type: String, boundary: String
  ) -> [Response.Part] {
    var parts: [Response.Part] = []
    for range in ranges {
      let head =
        "\r\n--\(boundary)\r\nContent-Type: \(type)\r\n"
        + "Content-Range: bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)\r\n\r\n"
      parts += [.text(head), .range(range)]
    }
    return parts + [.text("\r\n--\(boundary)--\r\n")]
  }

  private func ranged(
    _ file: OwnedDescriptor, size: Int, _ headers: [(name: String, value: String)], _ tag: EntityTag,
    _ answers: AnswerBuilder
  ) -> Response {
    let headers = headers + [("Accept-Ranges", "bytes")]
    let isSame = head.headers["if-range"].map { $0 == tag.text } ?? true
    let asked = head.method == .get && isSame ? ByteRanges(head.headers["range"], count: size) : .all
    switch asked {
    case .parts(let parts) where parts.count == 1:
      let part = parts[0]
      return answers.dressed(
        Response(
          status: 206,
          headers: headers + [("Content-Range", "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(size)")],
          body: .file(file, offset: part.lowerBound, length: part.count)))
    case .parts(let parts):
      let boundary = String(tag.text.dropFirst().prefix(32))
      let type = headers.first { $0.name == "Content-Type" }?.value ?? "application/octet-stream"
      return answers.dressed(
        Response(
          status: 206,
          headers: headers.filter { $0.name != "Content-Type" } + [
            ("Content-Type", "multipart/byteranges; boundary=\(boundary)")
          ],
          body: .parts(file, Self.parts(parts, size: size, type: type, boundary: boundary))))
    case .all:
      return answers.dressed(Response(status: 200, headers: headers, body: .file(file, offset: 0, length: size)))
    case .unsatisfiable:
      var refusal = answers.response(
        to: APIError(
          .invalidRequest, "The attachment has \(size) bytes; the range asks for none of them.", status: 416))
      refusal.headers.append(("Content-Range", "bytes */\(size)"))
      return refusal
    }
  }
}
