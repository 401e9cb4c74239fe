import Attachments
import Storage
import Wire

/// Prints attachments as objects have them: the id, and the object with state and addresses. What `load` has
/// looked up before says which state it is: one look-up per page.
struct AttachmentWriter {
  private let links: AttachmentLinks
  /// Nil before the first page that has attachments.
  private var printer: AttachmentPrinter?
  private var records: [ObjectID: AttachmentRecord] = [:]
  private var known: Set<ObjectID> = []

  /// Attachments that are remembered from page to page.
  private static let kept = 10_000

  init(_ links: AttachmentLinks) { self.links = links }

  /// Forgets what was looked up once it is much: true where attachments of pages before may no longer be printed.
  mutating func forgetMuch() -> Bool {
    if known.count <= Self.kept { return false }
    records = [:]
    known = []
    return true
  }

  /// Appends the attachments of this page that are to be looked up, and then given to `take`.
  mutating func ask(for page: RowPage, of model: ModelView, _ ids: inout [ObjectID]) {
    if model.attachmentSlots.isEmpty { return }
    let rows = page.view
    for row in 0..<page.count {
      for slot in model.attachmentSlots where rows.kind(row, slot) == .id {
        let id = rows.id(row, slot)
        if known.insert(id).inserted { ids.append(id) }
      }
    }
    if printer == nil, !known.isEmpty { printer = links.printer }
    withExtendedLifetime(page) {}
  }

  /// Takes what was looked up.
  mutating func take(_ found: [ObjectID: AttachmentRecord]) {
    if !found.isEmpty { records.merge(found) { _, new in new } }
  }

  func record(of id: ObjectID) -> AttachmentRecord? { records[id] }

  /// Appends `,"photo_id":"…","photo":{"state":…}`.
  func append(_ id: ObjectID, as plan: AttachmentPlan, to writer: inout ByteWriter) {
    writer.append(plan.idKey.bytes)
    writer.append("\"")
    writer.append(id: id)
    writer.append("\"")
    writer.append(plan.key.bytes)
    let record = records[id]
    let state = plan.form.state(of: record)
    writer.append("{\"state\":\"")
    writer.append(text: state.rawValue)
    writer.append("\"")
    if let record, state == .uploaded {
      let printer = printer ?? links.printer
      for variant in plan.form.variants(of: record) {
        writer.append(",\"")
        writer.append(text: variant.rawValue)
        writer.append("\":")
        printer.append(id, variant, to: &writer)
      }
    }
    writer.append("}")
  }
}

/// How a field's attachments are printed, worked out once.
struct AttachmentPlan: Sendable {
  let form: AttachmentForm
  /// `,"photo_id":`
  let idKey: ByteBlock
  /// `,"photo":`
  let key: ByteBlock
}
