/// One of the six values of a location; raw values are the keys of the API.
package enum LocationPart: String, Sendable, Hashable, CaseIterable {
  case latitude
  case longitude
  case altitude
  case horizontalAccuracy = "horizontal_accuracy"
  case verticalAccuracy = "vertical_accuracy"
  case timestamp

  /// All but the timestamp.
  package var isNumber: Bool { self != .timestamp }
}
