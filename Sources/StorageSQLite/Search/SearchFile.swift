import CSQLite
import Glibc
import Storage
import Wire

/// The file of a search index as its filler has it: the one connection that writes to it.
///
/// The table `f{model}` has the objects by their row numbers. It keeps no texts, only which trigrams stand in which
/// objects (`content=''`, `detail=none`). An object that changed is entered again under its row number, and what it held
/// before stays: the index names too many candidates, never too few. `again` counts that, until the table is made anew.
final class SearchFile {
  let connection: Connection
  private let inode: UInt64
  private(set) var last: Int64
  private(set) var horizon: Int64
  private(set) var models: [Int: Filled]

  /// How far a model is filled.
  struct Filled {
    /// See `SearchColumns.words`.
    var words: Set<String>
    /// The row number up to which the table was walked.
    var walked: Int64
    /// Whether it was walked to its end.
    var isComplete: Bool
    /// Objects that were entered again or deleted since.
    var again: Int64
  }

  private static let layout: Int64 = 1
  /// A larger file is not looked through when it is opened, since nothing can interrupt that (about 100 MB a
  /// second) and the process may be asked to end meanwhile; damage then shows when a search meets it.
  private static let checkedBytes = 256 << 20
  private static let suffixes = ["", "-wal", "-shm", "-journal"]

  /// Opens a file and checks that it is sound.
  /// - Throws: `StorageError` where it is none of this version, or damaged.
  init(opening path: String) throws {
    connection = try Self.connect(path, create: false)
    inode = Self.inode(of: path) ?? 0
    let isChecked = Self.size(of: path) <= Self.checkedBytes
    if isChecked {
      let check = try connection.statement("PRAGMA quick_check(1)")
      guard try check.step(), check.text(0) == "ok" else { throw StorageError.broken("the search index is damaged") }
      check.reset()
    }
    let state = try connection.statement("SELECT layout, folding, last, horizon FROM state")
    guard try state.step(), state.integer(0) == Self.layout, state.text(1) == CaseFolding.unicodeVersion else {
      throw StorageError.broken("the search index is of another version")
    }
    last = state.integer(2)
    horizon = state.integer(3)
    state.reset()
    models = [:]
    let rows = try connection.statement("SELECT number, words, walked, complete, again FROM models")
    while try rows.step() {
      models[Int(rows.integer(0))] = Filled(
        words: Self.words(rows.text(1)), walked: rows.integer(2), isComplete: rows.integer(3) != 0,
        again: rows.integer(4))
    }
    rows.reset()
    for model in models.keys where isChecked {
      try connection.run("INSERT INTO f\(model)(f\(model)) VALUES ('integrity-check')")
    }
  }

  /// Makes an empty file, and removes any other. `last` is an oplog entry that a snapshot holds whose next
  /// sequence is `horizon`.
  init(creating path: String, last: Int64, horizon: Int64) throws {
    try Self.remove(path)
    connection = try Self.connect(path, create: true)
    inode = Self.inode(of: path) ?? 0
    self.last = last
    self.horizon = horizon
    models = [:]
    try connection.write {
      try connection.run(Self.tables)
      let state = try connection.statement("INSERT INTO state (layout, folding, last, horizon) VALUES (?, ?, ?, ?)")
      state.bind(1, integer: Self.layout)
      state.bind(2, text: CaseFolding.unicodeVersion)
      state.bind(3, integer: last)
      state.bind(4, integer: horizon)
      try state.run()
    }
  }

  private static let tables = """
    CREATE TABLE state (layout INTEGER NOT NULL, folding TEXT NOT NULL, last INTEGER NOT NULL,
      horizon INTEGER NOT NULL);
    CREATE TABLE models (number INTEGER PRIMARY KEY, words TEXT NOT NULL, walked INTEGER NOT NULL,
      complete INTEGER NOT NULL, again INTEGER NOT NULL);
    CREATE TABLE large (model INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (model, n)) WITHOUT ROWID;
    """

  private static func connect(_ path: String, create: Bool) throws -> Connection {
    let connection = try Connection(path: path, role: .filler, cacheKiB: 4096, create: create)
    // After a power cut the file may lack its last transactions, and with them their `last`; it is synced
    // where pages move into it, so that it never contradicts itself.
    try connection.run("PRAGMA wal_autocheckpoint=2000")
    return connection
  }

  /// Removes a search index, whether there is one or not.
  static func remove(_ path: String) throws {
    for suffix in suffixes where unlink(path + suffix) != 0 && errno != ENOENT {
      throw StorageError.unavailable("\(path)\(suffix) cannot be removed: \(String(cString: strerror(errno)))")
    }
  }

  private static func inode(of path: String) -> UInt64? {
    var status = stat()
    return stat(path, &status) == 0 ? UInt64(status.st_ino) : nil
  }

  private static func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Whether the path still leads to this file.
  var isInPlace: Bool { Self.inode(of: connection.path) == inode }

  // MARK: Changing it. Each in one transaction with what is then said of it; after a failure this object no longer
  // agrees with the file, and is to be thrown away.

  /// Enters the objects of a batch. A text that is nil is too long: that object is always a candidate.
  func enter(_ batch: SearchBatch) throws {
    try connection.write {
      for model in batch.models {
        guard var filled = models[model] else { continue }
        // In ascending order one transaction makes one segment.
        for document in batch.documents[model, default: []].sorted(by: { $0.row < $1.row }) {
          try enter(document, inModel: model)
        }
        filled.again += Int64(batch.again[model, default: 0])
        if let walked = batch.walked[model] {
          filled.walked = walked.row
          filled.isComplete = walked.isEnd
        }
        try put(filled, model)
      }
      if let last = batch.last { self.last = last }
      horizon = max(horizon, batch.horizon)
      try putState()
    }
  }

  private func enter(_ document: SearchBatch.Document, inModel model: Int) throws {
    if let text = document.text {
      let insert = try connection.statement("INSERT INTO f\(model)(rowid, content) VALUES (?, ?)")
      insert.bind(1, integer: document.row)
      insert.bind(2, text: text)
      try insert.run()
    } else {
      let insert = try connection.statement("INSERT OR IGNORE INTO large (model, n) VALUES (?, ?)")
      insert.bind(1, integer: Int64(model))
      insert.bind(2, integer: document.row)
      try insert.run()
    }
  }

  /// Says that the model's texts have these columns, as seen from a snapshot below `horizon`.
  func set(_ words: Set<String>, ofModel model: Int, horizon: Int64) throws {
    guard var filled = models[model] else { return }
    filled.words = words
    try connection.write {
      try put(filled, model)
      self.horizon = max(self.horizon, horizon)
      try putState()
    }
  }

  /// Makes room for a model, or empties it, to be walked from the beginning.
  func begin(model: Int, words: Set<String>) throws {
    try connection.write {
      try drop(model)
      try connection.run(
        """
        CREATE VIRTUAL TABLE f\(model) USING fts5(content, content='', detail=none, columnsize=0,
          tokenize='trigram case_sensitive 1')
        """)
      try put(Filled(words: words, walked: 0, isComplete: false, again: 0), model)
    }
  }

  /// Forgets a model.
  func end(model: Int) throws {
    try connection.write { try drop(model) }
  }

  private func drop(_ model: Int) throws {
    try connection.run(
      """
      DROP TABLE IF EXISTS f\(model); DELETE FROM large WHERE model = \(model);
      DELETE FROM models WHERE number = \(model)
      """)
    models[model] = nil
  }

  private func put(_ filled: Filled, _ model: Int) throws {
    let put = try connection.statement(
      "INSERT OR REPLACE INTO models (number, words, walked, complete, again) VALUES (?, ?, ?, ?, ?)")
    put.bind(1, integer: Int64(model))
    put.bind(2, text: filled.words.sorted().joined(separator: "\n"))
    put.bind(3, integer: filled.walked)
    put.bind(4, integer: filled.isComplete ? 1 : 0)
    put.bind(5, integer: filled.again)
    try put.run()
    models[model] = filled
  }

  static func words(_ text: String) -> Set<String> { Set(text.split(separator: "\n").map(String.init)) }

  private func putState() throws {
    let put = try connection.statement("UPDATE state SET last = ?, horizon = ?")
    put.bind(1, integer: last)
    put.bind(2, integer: horizon)
    try put.run()
  }
}
