import Objects
import Storage
import Web
import Wire

/// An object's form as it was sent.
struct SentObject: Sendable {
  static let from = "from"
  static let opened = "opened"
  static let id = "id"

  enum Act: Equatable {
    case save, stay, new, cancel
    /// Asks whether a form would be taken, before its files are sent.
    case question
    /// Shows the form again as it is.
    case back
    /// Looks for the object at the end of a relationship.
    case pick(String)
    /// Takes one of those that were found.
    case take(String, ObjectID)
  }

  static let question = "ask"

  let fields: FormContainer
  let act: Act
  /// Where one goes on.
  let from: Route?
  let opened: Int64?
  /// Of a new object.
  let id: ObjectID?
  /// As it came with the form.
  let held: String?
  /// What is looked for.
  let find: String
  /// All that was sent, in order, for a page that asks something in between.
  let pairs: [(key: String, value: String)]

  /// - Parameter number: under which it is kept.
  /// - Throws: `PageFault` where it is no form.
  init(_ form: PostForm, held number: Int64? = nil) throws(PageFault) {
    do throws(FormError) { fields = try FormContainer(form.pairs) } catch { throw .unreadableForm }
    act = Self.act(fields["do"]?.text ?? "")
    from = Self.back(fields[Self.from]?.text)
    opened = fields[Self.opened]?.text.flatMap { Int64($0) }
    id = fields[Self.id]?.text.flatMap { ObjectID($0) }
    held = (number ?? form.heldNumber).map { "\($0)" }
    find = fields["find"]?.text?.trimmed ?? ""
    pairs = form.fields.filter { $0.key != "do" && $0.key != "find" }
  }

  private static func act(_ text: String) -> Act {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    switch (parts[0], parts.count) {
    case ("stay", 1): return .stay
    case ("new", 1): return .new
    case ("cancel", 1): return .cancel
    case ("back", 1): return .back
    case (question, 1): return .question
    case ("pick", 2): return .pick(parts[1])
    case ("take", 3): return ObjectID(parts[2]).map { .take(parts[1], $0) } ?? .back
    default: return .save
    }
  }

  /// An address that one may come back to.
  static func back(_ text: String?) -> Route? { text.flatMap { Route(address: $0, origin: "")?.asView } }
}

extension Route {
  /// Where one can go back to after a form: a page that shows something.
  var asView: Route? {
    switch self {
    case .table, .view, .object, .overview, .models, .find: self
    default: nil
    }
  }
}
