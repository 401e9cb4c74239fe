import Storage
import Wire

// A bare day against a time, in expressions: for `=`, `!=`, `in` and `not in` it means that day in UTC, and
// for the others its midnight (api.md section 13).

extension ComparisonRule {
  /// The day, where the argument is nothing but one and stands for all of its times. A day with a zone is a
  /// midnight.
  func day(_ argument: ClientValue) -> CalendarDay? {
    guard language.dayIsAllOfIt, let text = argument.textual, CalendarDay.isBare(text) else { return nil }
    return CalendarDay(text)
  }

  func onDay(_ comparison: FilterOperator, _ column: ColumnReference, _ day: CalendarDay) -> Predicate {
    switch comparison {
    case .equal: .onAnyDay(column, [day])
    case .notEqual: .onNoDay(column, [day])
    default: ordered(comparison, column, .integer(Instant(midnightOf: day).secondsSince1970))
    }
  }
}
