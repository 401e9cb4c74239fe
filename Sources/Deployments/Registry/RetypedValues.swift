import DataModel
import Storage
import Wire

/// What becomes of the values of a field that changes its type, as far as there was time to look at them.
package struct RetypedValues: Sendable {
  package var model: String
  package var field: String
  package var from: FieldType
  package var to: FieldType
  /// That read under the new type.
  package var converting = 0
  /// That are kept, and read as null until the type is changed back.
  package var unreadable = 0
  /// Some of the unreadable ones, as texts; none of a field that holds passwords, or has held them.
  package var samples: [Sample] = []
  /// Whether all values were looked at.
  package var isWhole = true
  /// Whether the field has had other types before, whose values may come back.
  package var hasEarlierTypes = false

  package struct Sample: Sendable, Equatable {
    package var id: ObjectID
    package var text: String
  }

  static let mostSamples = 20
}

extension DeploymentRegistry {
  /// Looks through the values of all fields that would change their type, one field after the other, until the time is
  /// over. Writes go on meanwhile.
  /// - Throws: `DeploymentFault`, `StorageError`.
  package func retyped(by model: DataModel, of id: String, within limit: Duration) async throws -> [RetypedValues] {
    let store = try deployment(id).store
    return try await store.planning { stored in
      let wanted = Retyping.all(from: stored, to: model)
      if wanted.isEmpty { return [] }
      return try await store.read { snapshot in
        let end = ContinuousClock.now + limit
        return try wanted.map { try $0.look(at: snapshot, until: end) }
      }
    }
  }
}

/// A field whose values are looked through.
private struct Retyping: Sendable {
  var model: StoredModel
  var position: Int
  var from: FieldType
  var to: FieldType
  var isMasked: Bool

  static func all(from stored: StoredDataModel, to model: DataModel) -> [Retyping] {
    model.models.flatMap { next -> [Retyping] in
      guard let before = stored[next.name] else { return [] }
      return next.fields.compactMap { field in
        guard let position = before.position(of: field.name),
          case .field(let old) = before.columns[position].source, old.type != field.type
        else { return nil }
        return Retyping(
          model: before, position: position, from: old.type, to: field.type,
          isMasked: before.columns[position].isMasked || field.subtype == .password)
      }
    }
  }

  func look(at snapshot: any Snapshot, until end: ContinuousClock.Instant) throws -> RetypedValues {
    let column = model.columns[position]
    var found = RetypedValues(model: model.name, field: column.name, from: from, to: to)
    found.hasEarlierTypes = !column.earlier.isEmpty
    let left = end - ContinuousClock.now
    guard left > .zero else {
      found.isWhole = false
      return found
    }
    let plan = ReadPlan(
      model: model, predicate: .isNotNull(.column(position)), limit: Int(Int32.max))
    let conversion = ValueConversion(from: from, to: to)
    let done: Void? = try snapshot.limited(to: left) {
      try snapshot.list(plan) { page in
        for row in 0..<page.count { count(page, row, conversion, into: &found) }
      }
    }
    found.isWhole = done != nil
    return found
  }

  private func count(_ page: RowPage, _ row: Int, _ conversion: ValueConversion?, into found: inout RetypedValues) {
    let value = page.value(row, RowPage.Lead.count + position)
    if conversion?.value(value).isNull == false {
      found.converting += 1
      return
    }
    found.unreadable += 1
    if !isMasked, found.samples.count < RetypedValues.mostSamples {
      found.samples.append(.init(id: page.id(row), text: CutText.cut(text(of: value))))
    }
  }

  private func text(of value: StoredValue) -> String {
    if case .text(let text)? = ValueConversion(from: from, to: .text)?.value(value) { return text }
    return switch value {
    case .null: ""
    case .integer(let integer): "\(integer)"
    case .real(let real): "\(real)"
    case .text(let text): text
    case .id(let id): id.description
    }
  }
}
