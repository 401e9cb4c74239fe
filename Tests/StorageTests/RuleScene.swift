import Crypto
import DataModel
import StorageConformance
import Testing
import Wire

@testable import Storage

/// A model `flight` with a text, a number that was a text once, and a photo, and objects of it.
struct RuleScene {
  static let second: Int64 = 1_359_623_100
  static let model = StoredModel(number: 7, model: flight, columns: columns, version: 1)
  /// Column 4 is of a field that no data model shows any more; column 5 was a photo, and is none any more.
  static let table = WrittenTable(model, layout: layout)
  static let user = ObjectID(high: 1, low: 100)

  private static let flight: Model = {
    let xml = """
      <data-model><model name="flight" label="A"><field name="name" label="A" type="text"/>
      <field name="miles" label="A" type="integer"/><field name="photo" label="A" type="photo"/>
      <display>A</display></model></data-model>
      """
    guard let model = DataModelReader.read(Array(xml.utf8)).model?.models.first else {
      preconditionFailure("the test's own data model is wrong")
    }
    return model
  }()

  private static let layout = TableLayout(
    columns: [
      (1, "name", "text"), (2, "miles", "integer"), (3, "photo", "photo"), (4, "miles", "text"), (5, "name", "photo"),
    ]
    .map { TableLayout.Column(number: $0, name: $1, storedType: $2, heldPasswords: false) })

  private static let columns = flight.fields.enumerated().map { index, field in
    StoredColumn(
      number: index + 1, source: .field(field), earlier: layout.earlier(than: index + 1, of: field))
  }

  static func id(_ number: Int) -> ObjectID { ObjectID(high: 0, low: UInt64(number)) }

  static func hash(_ number: Int) -> ContentHash { ContentHash(of: [UInt8(number)]) }

  static func new(_ number: Int, bytes: Int, name: String? = "a.jpg") -> NewAttachment {
    NewAttachment(id: id(number), hash: hash(bytes), size: Int64(bytes), traits: 3, fileName: name)
  }

  /// An object in row 5, written at the scene's second with sequence 50.
  static func found(_ own: [StoredValue], hidden: [StoredValue] = [.null, .null]) -> FoundObject {
    FoundObject(id: id(1), row: 5, updatedAt: second, sequence: 50, own: own, hidden: hidden)
  }

  /// Ten seconds later.
  static func context(
    bringing attachments: [NewAttachment] = [], returnsStates: Bool = true, appUser: String? = nil
  ) -> StepContext {
    StepContext(
      milliseconds: (second + 10) * 1000, lastSequence: 60, lastRow: 9, returnsStates: returnsStates,
      attachments: Dictionary(attachments.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }),
      appUser: appUser)
  }

  static func apply(
    _ step: WriteStep, to object: FoundObject? = nil, beside rows: KeptRows? = nil, _ context: StepContext = context()
  ) -> Effect {
    StepRule.apply(step, StepInputs(table: table, object: object, kept: rows), in: context)
  }

  static func apply(
    _ step: KeptStep, beside rows: KeptRows = KeptRows(), _ context: StepContext = context()
  ) -> Effect {
    StepRule.apply(.kept(step), StepInputs(kept: rows), in: context)
  }
}

extension StepOutcome {
  var kept: KeptOutcome? {
    if case .kept(let outcome) = self { outcome } else { nil }
  }

  /// Of one that is stale: what its object has come to.
  var stale: String? {
    guard case .stale(let sequence) = self else { return nil }
    return sequence.map { "at \($0)" } ?? "gone"
  }

  var state: ObjectState? {
    switch self {
    case .created(let state), .updated(let state), .unchanged(let state): state
    default: nil
    }
  }
}
