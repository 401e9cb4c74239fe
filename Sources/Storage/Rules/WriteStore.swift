import Wire

/// An engine's side of a writing transaction: it reads what rules need and stores what they say, and decides
/// nothing. One group of plans runs in one transaction.
/// - Throws: `StorageError` throughout. What is thrown ends the group.
package protocol WriteStore: AnyObject {
  /// The columns of the model's table as they are now.
  func table(of model: StoredModel) throws -> WrittenTable

  /// The object as it lies there; nil where there is none.
  func object(_ id: ObjectID, in table: WrittenTable) throws -> FoundObject?

  /// The sequence of the last deletion of an object of the model with this id: 0 where there was none, nil where that
  /// cannot be said yet, since entries from before the chain are still being linked.
  func lastDeletion(of id: ObjectID, in table: WrittenTable) throws -> Int64?

  /// Adds what is needed to what was read. `appUser` names the model that holds the users.
  func read(_ needs: KeptNeeds, appUser: String?, into rows: inout KeptRows) throws

  /// The state of a session; nil where there is none.
  func state(ofSession id: ObjectID) throws -> SessionState?

  /// Stores an object's change and its oplog entry. False where the id of a new one is in use: then nothing was
  /// stored.
  func store(_ change: ObjectChange, origin: String) throws -> Bool

  /// Stores what changes beside the objects.
  func store(_ changes: KeptChanges, origin: String) throws

  func store(_ counter: GroupState.Counter, ofModel number: Int) throws

  /// Everything stored from here on can be taken back.
  func mark() throws
  /// Undoes what was stored since the mark.
  func takeBack() throws
  /// Forgets the mark.
  func release() throws
}
