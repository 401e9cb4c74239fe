import DataModel
import Objects
import People
import Storage
import Web
import Wire

/// What the changes of a deployment can be narrowed by.
package enum ChangesKey: String, ListFilterKey {
  case model, who, what, from, to
  /// Below this sequence, the newest first.
  case before
  /// Those that follow on this sequence.
  case after

  package var isPosition: Bool { self == .before || self == .after }
}

/// Which changes an address asks for, read: the form with what was asked, and what is wrong with it.
struct ChangesQuestion: Sendable {
  typealias View = ListFilter<ChangesKey>

  var form: Form
  /// Nil for all models.
  private(set) var model: ModelView?
  private(set) var operation: OplogEntry.Operation?
  private(set) var who: String?
  /// The sequences that are asked for.
  private(set) var range: Range<Int64> = 0..<Int64.max
  private(set) var before: Int64?
  private(set) var after: Int64?

  /// - Parameter people: those that can be chosen, by what an entry has of them.
  /// - Throws: `PageFault` for a position that is none.
  init(_ view: View, among models: [ModelView], people: [FormField.Option]) throws(PageFault) {
    form = Form(Self.fields(models, people), values: view.values)
    if !view[.model].isEmpty {
      model = models.first { $0.name == view[.model] }
      if model == nil { refuse(.model, "Model: choose one of those that are offered.") }
    }
    if !view[.what].isEmpty {
      operation = Self.operations.first { $0.word == view[.what] }
      if operation == nil { refuse(.what, "What: choose one of those that are offered.") }
    }
    who = view[.who].isEmpty ? nil : view[.who]
    if view[.who].utf8.count > Self.mostOfOrigin { refuse(.who, "Who: choose one of those that are offered.") }
    before = try Self.position(view, .before)
    after = try Self.position(view, .after)
    let (from, to) = (bound(.from, "From", view), bound(.to, "To", view))
    range = (from ?? 0)..<max(from ?? 0, to ?? .max)
  }

  /// An origin is shorter.
  private static let mostOfOrigin = 1000
  private static let operations: [OplogEntry.Operation] = [.create, .update, .delete]

  private static func position(_ view: View, _ key: ChangesKey) throws(PageFault) -> Int64? {
    if view[key].isEmpty { return nil }
    guard let sequence = HistoryView.sequence(view[key]) else {
      throw .invalid("“\(CutText.cut(view[key]))” is no position among changes.", ways: [])
    }
    return sequence
  }

  private mutating func refuse(_ key: ChangesKey, _ sentence: String) { form.refuse(key.rawValue, sentence) }

  /// A time or a sequence: the first one that is meant, of an end the first one that is not any more.
  private mutating func bound(_ key: ChangesKey, _ label: String, _ view: View) -> Int64? {
    let (text, isEnd) = (view[key].trimmed, key == .to)
    if text.isEmpty { return nil }
    if let sequence = HistoryView.sequence(text) { return isEnd ? sequence + 1 : sequence }
    guard let time = TimeBound.read(text, isEnd: isEnd) else {
      refuse(
        key,
        "\(label): “\(CutText.cut(text))” is neither a time nor a sequence. Write 2026-01-31, or 2026-01-31T09:05:00Z.")
      return nil
    }
    return SequenceRule.first(ofSecond: time.secondsSince1970 + (isEnd ? 1 : 0))
  }

  /// Which entries are wanted of the models that there are for the visitor.
  func plan(among models: [ModelView]) -> ChangePlan {
    var plan = ChangePlan(
      start: range.lowerBound, end: range.upperBound, models: Set((model.map { [$0] } ?? models).map(\.stored.number)),
      operation: operation, origin: who.map(OriginMatch.init), limit: ChangesPage.limit)
    if let before {
      plan.end = min(plan.end, before)
    } else if let after {
      plan.isNewestFirst = false
      plan.start = max(plan.start, after + 1)
    }
    return plan
  }

  private static func fields(_ models: [ModelView], _ people: [FormField.Option]) -> [FormField] {
    let models = models.map { FormField.Option($0.name, $0.stored.model.label) }
    let operations = operations.map { FormField.Option($0.word, $0.word) }
    return [
      FormField(ChangesKey.model.rawValue, "Model", .choice([FormField.Option("", "All")] + models)),
      FormField(ChangesKey.who.rawValue, "Who", .choice([FormField.Option("", "Everybody")] + kinds + people)),
      FormField(ChangesKey.what.rawValue, "What", .choice([FormField.Option("", "All")] + operations)),
      FormField(
        ChangesKey.from.rawValue, "From", .word, hint: "UTC: 2026-01-31, or 2026-01-31T09:05:00Z; or a sequence."),
      FormField(ChangesKey.to.rawValue, "To", .word, hint: "A day alone is meant to its end."),
    ]
  }

  private static let kinds = [
    FormField.Option("person", "Anybody on pages"), FormField.Option("token", "Any token"),
    FormField.Option("device", "Any device"), FormField.Option("password", "API password"),
  ]

  /// Whether a filter by who means all of a kind, which is offered to everybody.
  static func isKind(_ who: String) -> Bool { kinds.contains { $0.value == who } }
}

extension SequenceRule {
  /// The first sequence that an entry of this second can have.
  fileprivate static func first(ofSecond second: Int64) -> Int64 {
    next(after: 0, milliseconds: max(second, 0).multipliedReportingOverflow(by: 1000).partialValue)
  }
}
