import DataModel
import Storage
import Synchronization

/// A deployed data model with all that reading and writing its objects needs, worked out once.
package final class DataModelView: Sendable {
  package let stored: StoredDataModel
  package let models: [ModelView]
  private let byName: [String: Int]
  private let byNumber: [Int: Int]
  private let masked: DataModelView?

  package convenience init(_ stored: StoredDataModel) {
    let displays = DisplayPlan.plans(of: stored)
    self.init(stored, displays.whole, masked: displays.masked.map { DataModelView(stored, $0, masked: nil) })
  }

  private init(_ stored: StoredDataModel, _ displays: [DisplayPlan], masked: DataModelView?) {
    self.stored = stored
    self.masked = masked
    models = zip(stored.models, displays).map {
      ModelView($0, display: $1, touched: $1.touched.map { stored.models[$0] })
    }
    byName = Dictionary(
      stored.models.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    byNumber = Dictionary(
      stored.models.enumerated().map { ($1.number, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The same for pages, which show no password field: displays that print one have a mask in its place.
  package var forPages: DataModelView { masked ?? self }

  /// The model of exactly this name.
  package subscript(name: String) -> ModelView? { byName[name].map { models[$0] } }

  /// The model that a path means: a plural counts too (api.md section 4).
  package func model(inPath word: String) -> ModelView? {
    if let exact = self[word] { return exact }
    return stored.model.model(inPath: word).flatMap { self[$0.name] }
  }

  func model(number: Int) -> ModelView? { index(ofNumber: number).map { models[$0] } }

  /// The index in `models` of the model with this number; nil where it is not deployed.
  func index(ofNumber number: Int) -> Int? { byNumber[number] }
}

/// One model of a deployed data model, ready for use.
package final class ModelView: Sendable {
  package let stored: StoredModel
  let rendering: RenderPlan
  let display: DisplayPlan
  /// Objects that displays of others took lately.
  let related = RelatedRows()
  /// Bytes that an object of the last list took, about.
  let objectBytes = Atomic<Int>(0)
  /// What a body may call its members, and where they go.
  let members: [String: BodyMember]
  /// The slots of attachments in a row with all columns.
  let attachmentSlots: [Int]

  /// The models whose objects its display may print: those of `display.touched`.
  let touched: [StoredModel]

  init(_ stored: StoredModel, display: DisplayPlan, touched: [StoredModel]) {
    self.touched = touched
    self.stored = stored
    self.rendering = RenderPlan(stored)
    self.display = display
    self.members = BodyMember.all(of: stored)
    attachmentSlots = stored.columns.indices.compactMap {
      guard case .field(let field) = stored.columns[$0].source, field.type.isAttachment else { return nil }
      return RowPage.Lead.count + $0
    }
  }

  package var name: String { stored.name }

  /// Whether an object is printed with what is stored outside it.
  var needsMore: Bool { display.isRelated || !attachmentSlots.isEmpty }
}
