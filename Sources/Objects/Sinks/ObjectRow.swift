import Attachments
import DataModel
import QueryLanguage
import Storage
import Wire

/// An object as a sink is handed it: its values by type, its display, and which relationships it embeds.
///
/// It is a cursor over the rows of one page. A sink reads the row at hand and keeps nothing of it: the display is good
/// until the next one is written.
package struct ObjectRow {
  let model: ModelView
  /// The relationships whose objects are embedded in this one.
  let includes: Includes
  /// Nil for models without attachments.
  let attachments: AttachmentWriter?
  /// Keeps the memory of `rows` alive.
  private let page: RowPage
  let rows: RowView
  private(set) var row = 0
  /// UTF-8, as people read it.
  package private(set) var display = UnsafeRawBufferPointer(start: nil, count: 0)

  /// The rows of a page with all columns, none at hand yet. `displays` has loaded the page.
  init(_ page: RowPage, of model: ModelView, including includes: Includes, _ displays: borrowing DisplayWriter) {
    self.page = page
    self.model = model
    self.includes = includes
    rows = page.view
    attachments = model.attachmentSlots.isEmpty ? nil : displays.attachments
  }

  var count: Int { page.count }

  /// Takes this row in hand.
  mutating func move(to row: Int, _ displays: inout DisplayWriter) {
    assert(row >= 0 && row < page.count, "a row outside its page")
    self.row = row
    display = displays.display(of: model, rows, row)
  }

  package var id: ObjectID { rows.id(row, RowPage.Lead.id) }
  package var secondsOfUpdate: Int64 { rows.integer(row, RowPage.Lead.updatedAt) }
  package var modelName: String { model.name }

  /// The cursor behind this object in lists of a plan of its model.
  package func cursor(in plan: ReadPlan) -> ListCursor {
    ListCursor(
      after: ListPosition(of: row, in: page, order: plan.order),
      sequence: rows.integer(row, RowPage.Lead.sequence), row: rows.integer(row, RowPage.Lead.row), in: plan)
  }

  /// The fields and then the relationships, in the order in which an object is printed.
  package var columns: [StoredColumn] { model.stored.columns }

  /// The value in the column of this position among `columns`.
  @inline(__always)
  package func value(_ position: Int) -> ObjectValue {
    let slot = RowPage.Lead.count &+ position
    if rows.isNull(row, slot) { return .null }
    let kind = model.rendering.columns[position].kind
    switch kind {
    case .text: return .text(rows.text(row, slot))
    case .integer: return .integer(rows.integer(row, slot))
    case .number: return .number(rows.real(row, slot))
    case .date: return .date(daysSince1970: rows.integer(row, slot))
    case .datetime: return .datetime(secondsSince1970: rows.integer(row, slot))
    case .boolean, .singleChoice, .singleChoiceInteger: return .choice(ChoiceKey(kind, rows, row, slot))
    case .multipleChoice: return .choices(KeyList(rows.text(row, slot)))
    case .location: return .location(KeyList(rows.text(row, slot)))
    case .track: return .track(rows.text(row, slot))
    // What is no id was another type's once.
    case .attachment: return rows.isID(row, slot) ? .attachment(rows.id(row, slot)) : .null
    case .relationship: return .relationship(rows.id(row, slot))
    }
  }

  /// What is known of an attachment of this object; nil where it is not known any more.
  package func attachment(_ id: ObjectID) -> AttachmentRecord? { attachments?.record(of: id) }

  /// The number of the branch whose objects are embedded behind the relationship of this position; nil where none are.
  package func embedded(at position: Int) -> Int? { includes.branches.firstIndex { $0.column == position } }

  /// What people are shown for a key in this column; nil where no option has it any more.
  package func label(_ key: ChoiceKey, _ position: Int) -> UnsafeRawBufferPointer? {
    let options = model.rendering.choices[model.rendering.columns[position].choice]
    let index =
      switch key {
      case .text(let text): options.index(ofText: text)
      case .integer(let integer): options.index(ofNumber: integer)
      case .boolean(let boolean): options.index(ofNumber: boolean ? 1 : 0)
      }
    return index.map { options.label($0) }
  }
}

extension ChoiceKey {
  /// The key in this slot of a column that has options, or of a boolean.
  @inline(__always)
  init(_ kind: RenderPlan.Kind, _ rows: RowView, _ row: Int, _ slot: Int) {
    switch kind {
    case .boolean: self = .boolean(rows.integer(row, slot) != 0)
    case .singleChoiceInteger: self = .integer(rows.integer(row, slot))
    default: self = .text(rows.text(row, slot))
    }
  }
}
