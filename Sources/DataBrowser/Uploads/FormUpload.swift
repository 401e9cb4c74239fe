import Attachments
import DataModel
import Deployments
import HTTPServer
import Objects
import People
import Storage
import Web
import Wire

/// A form with files, as it comes: fields are gathered. Of an object's form each file goes to disk and is kept as an
/// attachment that nothing links yet; the file of a data model is read. Then the form is done as one without files, which
/// names the attachments by their ids and has the document as a text.
///
/// The ticket comes first. Before the first file it is looked at: a form that would be refused is answered then, and one
/// that is to be held for its person is read on, without its files.
///
/// `@unchecked Sendable` is safe: the server calls it one call after the other.
final class FormUpload: BodyReceiver, @unchecked Sendable {
  /// Bytes of all fields without files.
  static let mostOfFields = 2 << 20

  let limit: Int
  private let target: Target
  private var reader: MultipartReader
  private var form = FormText()
  private var file: OpenFile?
  private var fate: Fate?

  /// Where it is sent.
  struct Target: Sendable {
    let handler: DataBrowserHandler
    let route: Route
    let head: RequestHead
  }

  private enum Fate {
    /// Files are kept, through this call.
    case kept(DeploymentCall)
    /// The form will have to be sent again, with files chosen anew.
    case dropped
  }

  /// A file that comes.
  private enum OpenFile {
    case attachment(OpenAttachment)
    case document(TextFile)
  }

  private struct OpenAttachment {
    let field: Field
    let name: String
    /// Nil once something was wrong with it.
    var intake: StreamedIntake?
  }

  /// - Parameter files: bytes of all files together.
  init(_ target: Target, contentType: String, files: Int) throws(MultipartReader.Fault) {
    self.target = target
    reader = try MultipartReader(contentType: contentType, mostOfFields: Self.mostOfFields)
    let (sum, isOver) = files.addingReportingOverflow(2 * Self.mostOfFields)
    limit = isOver ? .max : sum
  }

  func receive(_ piece: RequestBody) async -> Response? {
    await answer(to: piece).map { target.handler.strict($0, target.head) }
  }

  private func answer(to piece: RequestBody) async -> Response? {
    do {
      for part in try reader.read(piece.bytes) { try await take(part) }
      return nil
    } catch {
      return await target.handler.response(to: error, target.route, target.head)
    }
  }

  func finish() async -> Response { target.handler.strict(await answer(), target.head) }

  private func answer() async -> Response {
    guard reader.isComplete else {
      return await target.handler.response(to: PageFault.unreadableForm, target.route, target.head)
    }
    return await target.handler.respond(to: target.route, target.head, form.body)
  }

  private func take(_ part: MultipartReader.Part) async throws {
    switch part {
    case .field(let name, let value): form.append(name, value)
    case .file(let name, let fileName):
      // What browsers send where no file was chosen.
      if !fileName.isEmpty { try await begin(name, fileName) }
    case .bytes(let bytes): try await append(bytes)
    case .endOfFile: try await end()
    }
  }

  private func begin(_ name: String, _ fileName: String) async throws {
    if fate == nil { fate = try await look() }
    guard case .kept(let call)? = fate else { return }
    if target.route.kind == .modelCheck {
      if name == ModelCheckPage.file { file = .document(TextFile(limit: ModelCheckPage.mostBytes)) }
      return
    }
    guard let field = call.attachmentField(FieldNames.field(in: name)) else { return }
    file = .attachment(
      OpenAttachment(field: field, name: UploadName.clean(fileName), intake: try call.calls.streamedIntake()))
  }

  private func look() async throws -> Fate {
    guard let call = try await target.handler.uploader(target, ticket: form.ticket) else { return .dropped }
    return .kept(call)
  }

  private func append(_ bytes: [UInt8]) async throws {
    switch file {
    case .document(var document):
      // Else the bytes that have come would be copied with each piece.
      file = nil
      document.append(bytes)
      file = .document(document)
    case .attachment(let attachment): try await append(bytes, to: attachment)
    case nil: break
    }
  }

  private func append(_ bytes: [UInt8], to attachment: OpenAttachment) async throws {
    guard let intake = attachment.intake else { return }
    let block = ByteBlock(bytes)
    do {
      try await intake.append(block.bytes)
    } catch BlobFault.tooLarge(let limit) {
      refuse(attachment, "it has more than \(Grouped.text(limit, "byte"))")
    }
    withExtendedLifetime(block) {}
  }

  private func end() async throws {
    defer { file = nil }
    switch file {
    case .document(let document): end(document)
    case .attachment(let attachment): try await end(attachment)
    case nil: break
    }
  }

  private func end(_ document: TextFile) {
    do throws(TextFile.Fault) { form.append(ModelCheckPage.file, try document.text()) } catch {
      form.append(ModelCheckPage.fileFault, "The file \(error.sentence).")
    }
  }

  private func end(_ attachment: OpenAttachment) async throws {
    guard case .kept(let call)? = fate, let intake = attachment.intake else { return }
    let filled = try await intake.finish()
    let (field, names) = (attachment.field, FieldNames(attachment.field.name))
    guard MediaCheck.accepts(filled.traits, for: field) else {
      return refuse(
        attachment, "it looks like \(filled.traits.words), and the field takes \(MediaCheck.words(for: field))")
    }
    form.append(names[.value], try await call.keep(filled, named: attachment.name).description)
    form.append(names[.uploaded], "1")
  }

  /// What still comes of it is not kept; the form comes back with the reason.
  private func refuse(_ attachment: OpenAttachment, _ reason: String) {
    form.append(FieldNames(attachment.field.name)[.fault], "the file is refused: \(reason).")
    var attachment = attachment
    attachment.intake = nil
    file = .attachment(attachment)
  }
}

/// The fields of a form as one without files sends them.
private struct FormText {
  private var text = ""
  /// The first field, where it is one.
  private(set) var ticket = ""

  mutating func append(_ name: String, _ value: String) {
    if text.isEmpty, name == PostForm.ticket { ticket = value }
    if !text.isEmpty { text += "&" }
    text += "\(PercentText.encode(name))=\(PercentText.encode(value))"
  }

  var body: RequestBody {
    let block = ByteBlock(Array(text.utf8) + [UInt8](repeating: 0, count: RequestBody.padding))
    return RequestBody(bytes: UnsafeRawBufferPointer(rebasing: block.bytes.dropLast(RequestBody.padding))) {
      withExtendedLifetime(block) {}
    }
  }
}

/// The names of files, which attachments hold to lower-case letters, digits and a few signs.
package enum UploadName {
  package static func clean(_ fileName: String) -> String {
    let last = fileName.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? ""
    var bytes: [UInt8] = []
    for scalar in last.lowercased().unicodeScalars {
      let isGood = scalar.isASCII && AttachmentFileName.problem(with: "a\(scalar)") == nil
      bytes.append(isGood ? UInt8(scalar.value) : UInt8(ascii: "-"))
    }
    // The end says what kind it is.
    let name = String(decoding: bytes.suffix(AttachmentFileName.mostCharacters), as: UTF8.self)
    return AttachmentFileName.problem(with: name) == nil ? name : "file"
  }
}

extension DeploymentCall {
  /// The attachment field of the route's model.
  fileprivate func attachmentField(_ name: String?) -> Field? {
    guard let name, let model = visit.route.model.flatMap({ models(of: calls.view)[$0] }),
      let field = model.stored.model.field(name), field.type.isAttachment
    else { return nil }
    return field
  }

  /// Keeps bytes that have come as an attachment that nothing links.
  fileprivate func keep(_ intake: FilledIntake, named name: String) async throws -> ObjectID {
    let id = newID()
    let links = AttachmentLinks(
      base: visit.apiOrigin, deployment: self.id, signature: page.handler.services.attachments.signature, at: visit.now)
    let context = ObjectContext(view: calls.view, origin: origin, session: nil, links: links)
    _ = try await calls.receive(intake, as: id, named: name, in: context) {}
    return id
  }
}

extension DataBrowserHandler {
  /// What takes a form with files; nil for other requests.
  func upload(to route: Route, _ head: RequestHead) -> Verdict? {
    guard head.method == .post, [.edit, .new, .modelCheck].contains(route.kind),
      let type = head.headers["content-type"],
      MultipartReader.isType(type)
    else { return nil }
    let target = FormUpload.Target(handler: self, route: route, head: head)
    do throws(MultipartReader.Fault) {
      return .stream(try FormUpload(target, contentType: type, files: mostOfFiles(at: route)))
    } catch {
      let fault = PageFault(error)
      return .read { [self] _ in await response(to: fault, route, head) }
    }
  }

  /// A file for each field that takes one; a document.
  private func mostOfFiles(at route: Route) -> Int {
    if route.kind == .modelCheck { return ModelCheckPage.mostBytes }
    guard let id = route.deployment, let name = route.model, let deployment = services.deployments[id] else { return 0 }
    let calls = calls(of: deployment)
    let fields = calls.view[name]?.stored.model.fields.count { $0.type.isAttachment } ?? 0
    return calls.attachmentLimit.multipliedReportingOverflow(by: fields).partialValue.magnitude > UInt(Int.max / 2)
      ? .max : calls.attachmentLimit * fields
  }

  /// The call that keeps a form's files; nil where the form will have to be sent again.
  /// - Throws: `PageFault` where it is refused.
  func uploader(_ target: FormUpload.Target, ticket: String) async throws -> DeploymentCall? {
    let visit = try await visit(to: target.route, target.head)
    guard comesByLink(target.head.headers) else { throw PageFault.badTicket }
    let gate = PostGate(people: services.people, visit: visit) { _ in nil }
    guard try gate.isTaken(ticket) else { return nil }
    return try PageCall(self, visit).inDeployment()
  }

  /// An error while a form comes.
  func response(to error: any Error, _ route: Route, _ head: RequestHead) async -> Response {
    let fault = self.fault(error, head)
    guard let visit = try? await visit(to: route, head) else { return response(fault, head) }
    return await response(fault, visit)
  }
}

extension PageFault {
  init(_ fault: MultipartReader.Fault) {
    switch fault {
    case .malformed: self = .unreadableForm
    case .tooManyParts(let limit):
      self.init(
        413, "Too much in one form", "A form takes at most \(Grouped.text(limit)) parts.", next: "Send less at once.")
    case .headTooLong(let limit):
      self.init(
        413, "Too much in one form", "The head of a part takes at most \(Grouped.text(limit, "byte")).",
        next: "Send less at once.")
    case .fieldsTooLong(let limit): self = .formTooLarge(limit: limit)
    }
  }

  init(_ fault: BlobFault) {
    switch fault {
    case .closed: self = .busy("It is shutting down.")
    case .unavailable, .missing, .tooLarge:
      self.init(
        503, "The file could not be kept", "The server could not write it; its log says why.",
        next: "Nothing was saved. Try again, or save without the file.")
    }
  }
}
