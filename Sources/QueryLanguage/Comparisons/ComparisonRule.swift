import DataModel
import JSON
import Storage
import Wire

/// What an operator on a field means as a predicate, with its argument coerced to the field's type.
/// Filters and expressions both come through here (api.md section 13).
///
/// | argument | `=` `!=` | others |
/// |---|---|---|
/// | null (JSON) | has no value, has one | match nothing |
/// | of another type | 422 | 422 |
struct ComparisonRule {
  let name: String
  let field: QueryField
  let model: StoredModel
  let language: FilterLanguage

  /// - Throws: `ClientFault.request` for an operator that the field does not have, `ClientFault.value` for
  ///   an argument that is none of its type.
  func predicate(_ comparison: FilterOperator, _ argument: ClientValue) throws(ClientFault) -> Predicate {
    let isNull = argument.isJSONNull
    // Every field can be compared with null, whatever else it has.
    let asked = isNull && (comparison == .equal || comparison == .notEqual) ? .null : comparison
    guard FilterOperator.all(of: field).contains(asked) else {
      throw .request(
        "\(name) cannot be filtered by \(language.spelling(comparison) ?? "this"); it has "
          + "\(language.operators(of: field)).")
    }
    switch comparison {
    case .null: return nullTest(try truth(argument))
    case .equal where isNull: return nullTest(true)
    case .notEqual where isNull: return nullTest(false)
    case .among, .notAmong: return try membership(comparison == .among, argument)
    default: return isNull ? .never : try compared(comparison, argument)
    }
  }

  private func compared(_ comparison: FilterOperator, _ argument: ClientValue) throws(ClientFault) -> Predicate {
    switch field {
    case .type: return constant(comparison, argument.textual == model.name)
    case .id, .relationship: return try identity(comparison, argument)
    case .updatedAt:
      if let day = day(argument) { return onDay(comparison, .updatedAt, day) }
      return ordered(comparison, .updatedAt, try instant(argument))
    case .natural: throw .request("\(name) cannot be filtered.")
    case .field(let field, let position):
      let column = ColumnReference.column(position)
      if field.type.isAttachment { return try identity(comparison, argument) }
      let reader = reader(of: field)
      if field.type != .text, argument.isNull {
        throw reader.refuse(argument, "an empty value is no \(field.type.rawValue); use .null to find unset ones")
      }
      if field.type.isMultipleChoice { return try keys(comparison, argument, column, reader) }
      if field.type == .datetime, let day = day(argument) { return onDay(comparison, column, day) }
      let value = try reader.read(argument)
      if case .text(let part) = value {
        if comparison == .startsWith { return .startsWithFolded(column, part) }
        if comparison == .contains {
          return language.containsMindsCase ? .containsText(column, part) : .containsFolded(column, part)
        }
      }
      return ordered(comparison, column, value)
    }
  }

  func reader(of field: Field) -> FieldValue { FieldValue(name: name, field: field, purpose: .filtering) }

  // MARK: Null.

  func nullTest(_ isNull: Bool) -> Predicate {
    switch field {
    case .id, .updatedAt, .natural, .type: isNull ? .never : .always
    case .field(_, let position), .relationship(let position):
      isNull ? .isNull(.column(position)) : .isNotNull(.column(position))
    }
  }

  private func truth(_ argument: ClientValue) throws(ClientFault) -> Bool {
    guard let truth = argument.textual.flatMap(TruthText.read) else {
      throw .request("\(name).null takes true or false, not \(argument.shown).")
    }
    return truth
  }

  // MARK: Ids and times.

  /// Any text is legal for an id; one that is no lower-case UUID equals nothing, and stands neither before
  /// nor behind any (api.md section 9).
  private func identity(
    _ comparison: FilterOperator, _ argument: ClientValue
  ) throws(ClientFault) -> Predicate {
    let id = try id(argument)
    let column = field.column ?? .id
    if comparison == .contains || comparison == .startsWith {
      return textOfID(comparison, column, argument.textual ?? "")
    }
    guard let id else { return constant(comparison, false) }
    return ordered(comparison, column, .id(id))
  }

  /// What is asked of an id's 36 characters, none of which is another one once its case is folded: so a part
  /// with a capital letter stands in none where the case counts.
  private func textOfID(_ comparison: FilterOperator, _ column: ColumnReference, _ part: String) -> Predicate {
    let folded = CaseFolding.folded(part)
    if comparison == .startsWith {
      guard let range = ObjectID.range(ofPrefix: folded) else { return .never }
      return .all([
        .ordered(column, .greaterOrEqual, .id(range.lowerBound)), .ordered(column, .lessOrEqual, .id(range.upperBound)),
      ])
    }
    if language.containsMindsCase, !folded.utf8.elementsEqual(part.utf8) { return .never }
    return PrintedForm.id.mayHold(folded) ? .printedContains(column, .id, folded) : .never
  }

  func id(_ argument: ClientValue) throws(ClientFault) -> ObjectID? {
    guard let text = argument.textual else {
      throw .value("\(name): \(argument.shown) is refused: an id is a string.")
    }
    if case .text("") = argument {
      throw .value("\(name): an empty value is no id; use \(name).null=true to find unset ones.")
    }
    return ObjectID(text)
  }

  func instant(_ argument: ClientValue) throws(ClientFault) -> StoredValue {
    guard let text = argument.textual, let instant = Instant(text) else {
      throw .value(
        "\(name): \(argument.shown) is refused: it takes a time such as \"2013-01-31T09:05:00Z\".")
    }
    return .integer(instant.secondsSince1970)
  }

  // MARK: Predicates.

  /// Where it is known without looking at any object whether they are equal.
  func constant(_ comparison: FilterOperator, _ isEqual: Bool) -> Predicate {
    switch comparison {
    case .equal: isEqual ? .always : .never
    case .notEqual: isEqual ? .never : .always
    default: .never
    }
  }

  func ordered(
    _ comparison: FilterOperator, _ column: ColumnReference, _ value: StoredValue
  ) -> Predicate {
    switch comparison {
    case .notEqual: .notEqual(column, value)
    case .less: .ordered(column, .less, value)
    case .lessOrEqual: .ordered(column, .lessOrEqual, value)
    case .greater: .ordered(column, .greater, value)
    case .greaterOrEqual: .ordered(column, .greaterOrEqual, value)
    case .equal, .contains, .startsWith, .among, .notAmong, .null: .equal(column, value)
    }
  }
}

extension ClientValue {
  /// The `null` of JSON; an empty text is something else.
  var isJSONNull: Bool { if case .json(let json) = self { json.isNull } else { false } }
}
