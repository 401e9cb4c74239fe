import Wire

/// A value of an object as its field's type has it. Bytes are good as long as the `ObjectRow` that gave them.
package enum ObjectValue {
  case null
  /// UTF-8.
  case text(UnsafeRawBufferPointer)
  case integer(Int64)
  case number(Double)
  case date(daysSince1970: Int64)
  case datetime(secondsSince1970: Int64)
  /// The key of an option, also of a boolean, whose options have labels.
  case choice(ChoiceKey)
  /// Keys of options, each as its own JSON.
  case choices(KeyList)
  /// The six parts of a location, each as its own JSON.
  case location(KeyList)
  /// JSON as it came.
  case track(UnsafeRawBufferPointer)
  case attachment(ObjectID)
  /// The id of the object that the relationship leads to.
  case relationship(ObjectID)
}

/// The key of an option.
package enum ChoiceKey {
  case text(UnsafeRawBufferPointer)
  case integer(Int64)
  case boolean(Bool)
}
