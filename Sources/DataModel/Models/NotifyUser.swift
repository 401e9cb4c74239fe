/// A `<notify-user>`: checked and kept; nothing is ever sent.
package struct NotifyUser: Sendable, Hashable {
  /// Written like a display; its names are resolved on this model.
  package let message: DisplayFormat
  /// A belongs-to of the model.
  package let recipient: String
  /// Fields of the model.
  package let receivedField: String?
  package let badgeCountField: String?

  package init(message: DisplayFormat, recipient: String, receivedField: String?, badgeCountField: String?) {
    self.message = message
    self.recipient = recipient
    self.receivedField = receivedField
    self.badgeCountField = badgeCountField
  }
}
