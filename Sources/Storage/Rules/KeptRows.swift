import Crypto
import Wire

/// What a step needs of what is kept beside the objects. Empty lists cost nothing.
package struct KeptNeeds {
  /// Rows of the ledger, each with the bytes that it has.
  package var attachments: [ObjectID] = []
  /// Blobs; of those that are not kept, which generation was removed last.
  package var blobs: [ContentHash] = []
  /// The objects that hold this attachment, in whatever column of whatever table, in order of creation.
  package var holders: ObjectID?
  /// Attachments that nothing has linked since before this second, the oldest first, each with its bytes.
  package var unlinked: (before: Int64, most: Int)?
  /// Up to so many counts of each kind that are wrong, each with its row where there is one.
  package var miscounts: Int?
  /// What is kept of a user, and whether the user has an object.
  package var user: ObjectID?
  /// When these sessions were last connected.
  package var connections: [ObjectID] = []
  /// The token with this hash.
  package var token: [UInt8]?
  /// The revision of the webhook with this name.
  package var webhook: String?
  package var needsSigningKey = false
  package var lease: String?
  /// Which entries may go by this cut, and from which on webhooks need them.
  package var trim: OplogCut?
  /// The oldest entries below this one, as many as one step may remove.
  package var oplogBelow: Int64?

  package init() {}
}

/// What was read.
package struct KeptRows {
  package var attachments: [ObjectID: LedgerRow] = [:]
  package var blobs: [ContentHash: BlobRow] = [:]
  /// Of blobs that are not kept: the highest generation that is being removed.
  package var removing: [ContentHash: Int64] = [:]
  /// The highest generation of a blob that was forgotten, where one was asked for that is not kept.
  package var blobFloor: Int64 = 0
  package var holders: [LinkingObject] = []
  package var unlinked: [LedgerRow] = []
  package var miscounts = Recount()
  /// The bytes of attachments whose blob is not noted, by their hash.
  package var sizes: [ContentHash: Int64] = [:]
  package var user: UserRecord?
  package var isUserThere = false
  /// Sessions that there are.
  package var connections: [ObjectID: Instant?] = [:]
  package var token: EnrolmentToken?
  /// Nil where there is no such webhook.
  package var webhookRevision: Int64?
  package var signingKey: [UInt8]?
  package var lease: LeaseRow?
  /// Entries below it may go by the cut; nil where none may.
  package var trimEnd: Int64?
  /// What the webhook needs that needs most.
  package var neededEntries: NeededEntries?
  /// Nil where no entry lies below the end.
  package var oplogPart: OplogPart?
  /// The second entry of the oplog.
  package var secondEntry: Int64?

  package init() {}
}

/// What is to be stored beside the object: each row as it is from now on.
package struct KeptChanges {
  package var attachments: [LedgerRow] = []
  package var removedAttachments: [ObjectID] = []
  package var blobs: [BlobRow] = []
  /// Blobs that are kept no longer.
  package var removedBlobs: [ContentHash] = []
  /// What is being removed from now on, some of it since before.
  package var removing: [BlobKey] = []
  /// What was being removed, and is gone. The floor rises to the highest generation of them.
  package var forgotten: [BlobKey] = []
  /// Objects that are written anew, each with an oplog entry.
  package var linking: [LinkingObject] = []
  package var user: UserChange?
  package var token: EnrolmentToken?
  /// Tokens that expired before this are forgotten.
  package var horizon: Instant?
  package var connections: [(session: ObjectID, at: Instant)] = []
  package var webhook: WebhookChange?
  package var signingKey: [UInt8]?
  /// The name that is kept from now on; the inner nil is none.
  package var appUser: String??
  package var lease: LeaseRow?
  /// Entries of the oplog up to this one go.
  package var trimmed: Int64?
  /// Whether credentials of sessions may have ended.
  package var endsSessions = false

  package init() {}

  /// What is kept of a user, as it was and as it is from now on.
  package struct UserChange {
    package var old: UserRecord?
    package var new: UserRecord
  }
}
