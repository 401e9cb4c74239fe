import Attachments
import DataModel
import Storage
import Wire

/// How the columns of a model are printed, worked out once: keys and option labels are ready bytes, and
/// printing an object walks plain numbers without touching a reference count.
///
/// `@unchecked Sendable` is safe: everything is written in `init` and only read after.
final class RenderPlan: @unchecked Sendable {
  enum Kind: UInt8 {
    case text, integer, number, date, datetime, boolean, singleChoice, singleChoiceInteger
    case multipleChoice, location, track, attachment, relationship
  }

  struct Column {
    /// `,"name":` in `blob`.
    let keyStart: Int
    let keyLength: Int
    let kind: Kind
    /// The index in `choices`, for the kinds that have options, and in `attachments`.
    let choice: Int
  }

  /// `","type":"flight","updated_at":"` — what stands between the id and the time.
  let opening: ByteBlock
  let columns: UnsafeMutableBufferPointer<Column>
  let choices: UnsafeMutableBufferPointer<ChoiceTable>
  /// What `choices` look into.
  private let labels: [ChoiceLabels]
  let attachments: [AttachmentPlan]
  private let blob: ByteBlock

  init(_ model: StoredModel) {
    var opening = ByteWriter()
    opening.append("\",\"type\":")
    opening.append(quoted: model.name)
    opening.append(",\"updated_at\":\"")
    opening.pad()
    self.opening = opening.detach()

    var blob = ByteWriter()
    var labels: [ChoiceLabels] = []
    var attachments: [AttachmentPlan] = []
    columns = .allocate(capacity: model.columns.count)
    for (position, column) in model.columns.enumerated() {
      let start = blob.count
      let kind: Kind
      var choice = 0
      switch column.source {
      case .field(let field):
        kind = Kind(field.type)
        if let idName = field.idName {
          choice = attachments.count
          attachments.append(
            AttachmentPlan(form: AttachmentForm(field), idKey: Self.key(idName), key: Self.key(field.name)))
          // As it stands where there is none.
          blob.append(",")
          blob.append(quoted: idName)
          blob.append(":null,")
          blob.append(quoted: field.name)
        } else {
          blob.append(",")
          blob.append(quoted: field.name)
        }
        if field.type.takesOptions {
          choice = labels.count
          labels.append(ChoiceLabels(field))
        }
      case .belongsTo(let relationship):
        kind = .relationship
        blob.append(",")
        blob.append(quoted: relationship.idName)
      }
      blob.append(":")
      columns.initializeElement(
        at: position,
        to: Column(keyStart: start, keyLength: blob.count - start, kind: kind, choice: choice))
    }
    blob.pad()
    self.blob = blob.detach()
    self.labels = labels
    choices = .allocate(capacity: labels.count)
    _ = choices.initialize(from: labels.map(\.table))
    self.attachments = attachments
  }

  /// `,"name":`
  private static func key(_ name: String) -> ByteBlock {
    var writer = ByteWriter(capacity: 64)
    writer.append(",")
    writer.append(quoted: name)
    writer.append(":")
    return writer.detach()
  }

  deinit {
    columns.deallocate()
    choices.deallocate()
  }

  /// Padded, as `ByteWriter.append(padded:)` wants it.
  @inline(__always)
  func key(_ column: Column) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: blob.base + column.keyStart, count: column.keyLength)
  }
}

extension RenderPlan.Kind {
  init(_ type: FieldType) {
    switch type {
    case .text: self = .text
    case .integer: self = .integer
    case .number: self = .number
    case .date: self = .date
    case .datetime: self = .datetime
    case .boolean: self = .boolean
    case .singleChoice: self = .singleChoice
    case .singleChoiceInteger: self = .singleChoiceInteger
    case .multipleChoice, .multipleChoiceInteger: self = .multipleChoice
    case .location: self = .location
    case .track: self = .track
    case .attachment, .photo, .signature: self = .attachment
    }
  }
}
