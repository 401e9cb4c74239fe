import QueryLanguage
import Storage
import Wire

/// The related objects of an answer's objects, page by page: fetched with one query per path, each distinct
/// object printed once, its bytes copied wherever it belongs.
///
/// An object is printed with gaps where its own related objects belong; they are filled while copying, so
/// that an object that hangs on many others is kept once.
///
/// Memory is bounded: related objects come in pages of bounded size, and what is printed of them waits in
/// `EmbeddedBytes`. The answer is bounded too (`answerBytes`): one large object could stand in it a
/// thousand times.
struct EmbeddedObjects<Sink: ObjectSink>: ~Copyable {
  /// An answer that embeds has at most so many bytes.
  static var answerBytes: Int { 256 << 20 }

  /// A path of the tree.
  private struct Path {
    let model: ModelView
    let includes: Includes
    /// The places of its branches among the paths.
    var branches: [Int] = []
    /// The objects that were asked for; nil where there is none with the id.
    var objects: [ObjectID: Printed?] = [:]
  }

  private struct Printed {
    let bytes: Range<Int>
    /// Its gaps, with offsets as in `bytes`.
    let gaps: Range<Int>
  }

  private let sink: Sink
  private let spool: SpoolPlace
  /// The first is that of the answer's own objects.
  private var paths: [Path] = []
  private var gaps: [EmbeddingGap] = []
  private var bytes: EmbeddedBytes
  /// One of the answer's own objects while it is printed.
  private var own = ByteWriter(capacity: 4096)
  private var ownGaps: [EmbeddingGap] = []

  init(_ includes: Includes, of model: ModelView, to sink: Sink, spool: SpoolPlace) {
    self.sink = sink
    self.spool = spool
    bytes = EmbeddedBytes(spool)
    _ = add(includes, of: model)
  }

  private mutating func add(_ includes: Includes, of model: ModelView) -> Int {
    let place = paths.count
    paths.append(Path(model: model, includes: includes))
    for branch in includes.branches {
      let inner = add(branch.inner, of: branch.model)
      paths[place].branches.append(inner)
    }
    return place
  }

  // MARK: Fetching.

  /// Fetches and prints what the first `count` objects of this page embed. `displays` is then loaded with
  /// other pages.
  mutating func load(
    for page: RowPage, count: Int, displays: inout DisplayWriter, from snapshot: any Snapshot
  ) throws {
    // What earlier pages have brought is used again, as long as it is little.
    if bytes.isSpilled || bytes.end > EmbeddedBytes.bytesInMemory / 2 { forget() }
    let rows = page.view
    for (number, branch) in paths[0].includes.branches.enumerated() {
      var wanted = Wanted()
      let slot = RowPage.Lead.count + branch.column
      for row in 0..<min(count, page.count) where rows.kind(row, slot) == .id { wanted.add(rows.id(row, slot)) }
      try load(wanted, into: paths[0].branches[number], displays: &displays, from: snapshot)
    }
    withExtendedLifetime(page) {}
  }

  private mutating func forget() {
    bytes = EmbeddedBytes(spool)
    gaps.removeAll(keepingCapacity: true)
    for place in paths.indices { paths[place].objects.removeAll(keepingCapacity: true) }
  }

  /// Distinct ids in order of appearance.
  private struct Wanted {
    private(set) var ids: [ObjectID] = []
    private var seen: Set<ObjectID> = []

    mutating func add(_ id: ObjectID) {
      if seen.insert(id).inserted { ids.append(id) }
    }
  }

  private mutating func load(
    _ wanted: Wanted, into place: Int, displays: inout DisplayWriter, from snapshot: any Snapshot
  ) throws {
    let ids = wanted.ids.filter { paths[place].objects[$0] == nil }
    if ids.isEmpty { return }
    for id in ids { paths[place].objects.updateValue(nil, forKey: id) }
    let model = paths[place].model
    let firstGap = gaps.count
    try snapshot.objects(model.stored, ids: ids, columns: Array(model.stored.columns.indices)) { page in
      try displays.load(for: page, of: model, from: snapshot)
      try print(page, of: place, displays: &displays)
    }
    let lastGap = gaps.count
    for (number, branch) in paths[place].branches.enumerated() {
      var wanted = Wanted()
      for gap in gaps[firstGap..<lastGap] where gap.branch == number { wanted.add(gap.id) }
      try load(wanted, into: branch, displays: &displays, from: snapshot)
    }
  }

  private mutating func print(_ page: RowPage, of path: Int, displays: inout DisplayWriter) throws {
    var object = ObjectRow(page, of: paths[path].model, including: paths[path].includes, displays)
    for row in 0..<page.count {
      // Each will stand in the answer once at least.
      if bytes.end > Self.answerBytes { throw Self.tooLarge }
      try bytes.settle()
      let start = bytes.end
      let moved = bytes.moved
      let firstGap = gaps.count
      object.move(to: row, &displays)
      sink.append(object, to: &bytes.writer, gaps: &gaps)
      for gap in firstGap..<gaps.count { gaps[gap].offset += moved }
      paths[path].objects[object.id] = Printed(bytes: start..<bytes.end, gaps: firstGap..<gaps.count)
    }
  }

  private static var tooLarge: ClientFault {
    .request(
      "The answer is larger than \(answerBytes >> 20) MiB with what include embeds. Ask for fewer objects with limit, "
        + "or embed less.")
  }

  // MARK: Printing.

  /// Appends the answer's own object that is at hand, with all that it embeds.
  /// - Throws: `ClientFault.request` where the answer grows too large.
  mutating func append(_ object: ObjectRow, to spool: inout AnswerSpool) throws {
    own.removeAll()
    ownGaps.removeAll(keepingCapacity: true)
    sink.append(object, to: &own, gaps: &ownGaps)
    var position = 0
    for gap in ownGaps {
      own.withBytes { spool.writer.append(UnsafeRawBufferPointer(rebasing: $0[position..<gap.offset])) }
      position = gap.offset
      try append(gap, of: 0, to: &spool)
    }
    own.withBytes { spool.writer.append(UnsafeRawBufferPointer(rebasing: $0[position...])) }
    try spool.settle()
  }

  /// Fills a gap in an object of this path.
  private func append(_ gap: EmbeddingGap, of path: Int, to spool: inout AnswerSpool) throws {
    let place = paths[path].branches[gap.branch]
    guard case .some(.some(let printed)) = paths[place].objects[gap.id] else {
      return spool.writer.append(sink.missing)
    }
    guard spool.length + printed.bytes.count <= Self.answerBytes else { throw Self.tooLarge }
    var position = printed.bytes.lowerBound
    for gap in gaps[printed.gaps] {
      try bytes.copy(position..<gap.offset, to: &spool)
      position = gap.offset
      try append(gap, of: place, to: &spool)
    }
    try bytes.copy(position..<printed.bytes.upperBound, to: &spool)
  }
}
