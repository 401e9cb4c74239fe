import CSimdjson

/// Why a text is no JSON that we take, and where (api.md section 4).
package struct JSONError: Error, Equatable, Sendable {
  /// The byte at which the fault was found, from 0; the text's length where it ended too early.
  package var offset: Int
  package var reason: Reason

  package enum Reason: Equatable, Sendable {
    case empty
    case invalidUTF8
    case controlCharacter
    case unclosedString
    case unexpectedEnd
    case expectedValue
    case expectedKey
    case expectedColon
    case expectedCommaOrBracket
    case expectedCommaOrBrace
    case badNumber
    case badEscape
    case repeatedKey(String)
    case tooDeep(limit: Int)
    case tooManyValues(limit: Int)
    case trailingContent
    case tooLong
    case outOfMemory
  }

  package init(offset: Int, reason: Reason) {
    self.offset = offset
    self.reason = reason
  }
}

extension JSONError: CustomStringConvertible {
  /// One clause for the detail of an answer, with the offset: "… at byte 17".
  package var description: String { "\(reason.description) at byte \(offset)" }
}

extension JSONError.Reason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .empty: "the text is empty, expected a JSON value"
    case .invalidUTF8: "the text is not valid UTF-8"
    case .controlCharacter: "a control character in a string, which must be escaped,"
    case .unclosedString: "a string is opened and never closed"
    case .unexpectedEnd: "the text ends too early"
    case .expectedValue: "expected a value"
    case .expectedKey: "expected a key in double quotes"
    case .expectedColon: "expected ':' after a key"
    case .expectedCommaOrBracket: "expected ',' or ']' in an array"
    case .expectedCommaOrBrace: "expected ',' or '}' in an object"
    case .badNumber: "a number that is not well-formed"
    case .badEscape: "an unknown escape in a string"
    case .repeatedKey(let key): "the key \"\(key)\" is given a second time"
    case .tooDeep(let limit): "nested deeper than \(limit) levels"
    case .tooManyValues(let limit): "more than \(limit) values"
    case .trailingContent: "unexpected content after the value"
    case .tooLong: "the text is too long to be read"
    case .outOfMemory: "no memory is left to read the text"
    }
  }
}

extension JSONError.Reason {
  /// What the C face says; nil for success. A repeated key's name is not known there.
  init?(_ fault: csimdjson_fault, limits: JSONLimits) {
    switch fault {
    case CSIMDJSON_GOOD: return nil
    case CSIMDJSON_EMPTY: self = .empty
    case CSIMDJSON_INVALID_UTF8: self = .invalidUTF8
    case CSIMDJSON_CONTROL_CHARACTER: self = .controlCharacter
    case CSIMDJSON_UNCLOSED_STRING: self = .unclosedString
    case CSIMDJSON_UNEXPECTED_END: self = .unexpectedEnd
    case CSIMDJSON_EXPECTED_KEY: self = .expectedKey
    case CSIMDJSON_EXPECTED_COLON: self = .expectedColon
    case CSIMDJSON_EXPECTED_COMMA_OR_BRACKET: self = .expectedCommaOrBracket
    case CSIMDJSON_EXPECTED_COMMA_OR_BRACE: self = .expectedCommaOrBrace
    case CSIMDJSON_BAD_NUMBER: self = .badNumber
    case CSIMDJSON_BAD_ESCAPE: self = .badEscape
    case CSIMDJSON_REPEATED_KEY: self = .repeatedKey("")
    case CSIMDJSON_TOO_DEEP: self = .tooDeep(limit: limits.depth)
    case CSIMDJSON_TOO_MANY_VALUES: self = .tooManyValues(limit: limits.nodes)
    case CSIMDJSON_TRAILING_CONTENT: self = .trailingContent
    case CSIMDJSON_TOO_LONG: self = .tooLong
    case CSIMDJSON_NO_MEMORY: self = .outOfMemory
    default: self = .expectedValue
    }
  }
}
