import Storage

/// A deployment as its webhooks see it.
package struct WebhookDeployment: Sendable {
  package let id: String
  package let appID: String
  package let store: any ObjectStore
  /// Which addresses may be reached now.
  package let permitted: @Sendable () -> AddressGuard
  /// Renders entries of the oplog.
  package let render: @Sendable (EntriesWanted) async throws -> EntriesFound
  /// Tells other nodes that something of its webhooks was changed.
  package let announce: @Sendable () async throws -> Void
  /// Whether it was deleted. One that was made again under its id is another one.
  package let isGone: @Sendable () -> Bool

  package init(
    id: String, appID: String, store: any ObjectStore, permitted: @escaping @Sendable () -> AddressGuard,
    render: @escaping @Sendable (EntriesWanted) async throws -> EntriesFound,
    announce: @escaping @Sendable () async throws -> Void = {}, isGone: @escaping @Sendable () -> Bool = { false }
  ) {
    self.id = id
    self.appID = appID
    self.store = store
    self.permitted = permitted
    self.render = render
    self.announce = announce
    self.isGone = isGone
  }
}

/// Entries of one model that are to be rendered.
package struct EntriesWanted: Sendable {
  package let sequences: [Int64]
  package let model: String
  /// Relationships whose objects are put in.
  package let embedded: [String]
  /// After so many bytes no further entry is rendered.
  package let bytes: Int
}

/// Some of them, from the first on; and which are no more.
package struct EntriesFound: Sendable {
  package var entries: [RenderedEntry]
  package var gone: Set<Int64>

  package init(entries: [RenderedEntry], gone: Set<Int64>) {
    self.entries = entries
    self.gone = gone
  }
}
