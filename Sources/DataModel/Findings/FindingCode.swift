/// The closed list of findings. Raw values are stable: programs and people's notes refer to them.
/// docs/data-model-findings.md says for each what it means and what to do; a test compares the two.
package enum FindingCode: String, Sendable, Hashable, CaseIterable {
  // The document.
  case brokenXML = "broken-xml"
  case notUTF8 = "not-utf-8"
  case encodingName = "encoding-name"
  case doctype
  case processingInstruction = "processing-instruction"
  case tooDeep = "too-deep"
  case tooLarge = "too-large"
  case tooMany = "too-many"
  case tooLong = "too-long"
  case tooManyFindings = "too-many-findings"

  // Elements and attributes of any kind.
  case wrongRoot = "wrong-root"
  case olderDialect = "older-dialect"
  case unknownElement = "unknown-element"
  case unknownAttribute = "unknown-attribute"
  case unexpectedText = "unexpected-text"
  case missingAttribute = "missing-attribute"
  case invalidAttribute = "invalid-attribute"
  case ineffectiveAttribute = "ineffective-attribute"
  case emptyAttribute = "empty-attribute"
  case wrongOrder = "wrong-order"

  // Names.
  case invalidName = "invalid-name"
  case duplicateName = "duplicate-name"
  case emptyLabel = "empty-label"
  case reservedName = "reserved-name"
  case reservedWord = "reserved-word"
  case idSuffix = "id-suffix"
  case idCollision = "id-collision"

  // Models and displays.
  case noModels = "no-models"
  case missingDisplay = "missing-display"
  case secondDisplay = "second-display"
  case emptyDisplay = "empty-display"
  case displayAttribute = "display-attribute"
  case displayName = "display-name"
  case displayFormat = "display-format"
  case displayCondition = "display-condition"
  case displayFunction = "display-function"

  // Fields.
  case unknownType = "unknown-type"
  case unknownSubtype = "unknown-subtype"
  case missingMedia = "missing-media"
  case unknownMedia = "unknown-media"
  case unexpectedMedia = "unexpected-media"
  case unexpectedOption = "unexpected-option"
  case emptyOptions = "empty-options"
  case missingOptionKey = "missing-option-key"
  case invalidOptionKey = "invalid-option-key"
  case duplicateOptionKey = "duplicate-option-key"
  case missingOptionLabel = "missing-option-label"
  case booleanOptions = "boolean-options"

  // Relationships.
  case unknownModel = "unknown-model"
  case noInverse = "no-inverse"
  case ambiguousInverse = "ambiguous-inverse"
  case inverseTaken = "inverse-taken"

  // Indexes, notifications, webhooks.
  case indexName = "index-name"
  case indexType = "index-type"
  case duplicateIndex = "duplicate-index"
  case notifyName = "notify-name"
  case webhookName = "webhook-name"
  case webhookAction = "webhook-action"
  case webhookField = "webhook-field"
  case ignoredWebhookField = "ignored-webhook-field"

  package var severity: Finding.Severity {
    switch self {
    case .encodingName, .tooManyFindings, .unknownElement, .unknownAttribute, .unexpectedText,
      .ineffectiveAttribute, .emptyAttribute, .emptyLabel, .reservedWord, .idSuffix, .secondDisplay,
      .emptyDisplay, .displayAttribute, .displayFunction, .unexpectedMedia, .unexpectedOption,
      .emptyOptions, .missingOptionLabel, .indexType, .duplicateIndex, .webhookName, .ignoredWebhookField:
      .warning
    default: .error
    }
  }
}
