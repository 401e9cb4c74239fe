import Storage
import Wire

/// SQL with the values of its parameters, `$1` first. Values are bound, never written into the text.
struct BoundSQL {
  /// A value, or a list of values of one type.
  enum Value {
    case one(StoredValue, ColumnType)
    case list([StoredValue], ColumnType)
  }

  var text = ""
  private(set) var values: [Value] = []
  /// Whether it says all that was meant; where it does not, it brings too much, and Swift decides.
  var isExact = true

  static func += (left: inout BoundSQL, right: String) { left.text += right }

  /// Appends a parameter.
  mutating func bind(_ value: StoredValue, as type: ColumnType) { bind(.one(value, type)) }
  mutating func bind(_ integer: Int) { bind(.one(.integer(Int64(integer)), .integer)) }
  mutating func bind(list: [StoredValue], as type: ColumnType) { bind(.list(list, type)) }

  private mutating func bind(_ value: Value) {
    values.append(value)
    text += "$\(values.count)"
  }

  /// Values in a row that tell it from any other with the same text: those of a list stand behind their number.
  var distinctValues: some Sequence<StoredValue> {
    values.lazy.flatMap { value in
      switch value {
      case .one(let value, _): [value]
      case .list(let list, _): [.integer(Int64(list.count))] + list
      }
    }
  }

  func add(to pipeline: inout PostgresPipeline) {
    pipeline.add(text) { parameters in
      for value in values {
        switch value {
        case .one(let value, let type): parameters.add(value, as: type)
        case .list(let list, let type):
          parameters.addArray(PostgresType(type)) { array in for value in list { array.add(value) } }
        }
      }
    }
  }
}
