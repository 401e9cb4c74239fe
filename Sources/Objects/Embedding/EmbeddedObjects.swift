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
    /// The indexes of its branches among the paths.
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
  private let spool: SpoolFolder
  /// The first is that of the answer's own objects.
  private var paths: [Path] = []
  private var gaps: [EmbeddingGap] = []
  private var bytes: EmbeddedBytes
  /// One of the answer's own objects while it is printed.
  private var own = ByteWriter(capacity: 4096)
  private var ownGaps: [EmbeddingGap] = []

  init(_ includes: Includes, of model: ModelView, to sink: Sink, spool: SpoolFolder) {
    self.sink = sink
    self.spool = spool
    bytes = EmbeddedBytes(spool)
    _ = add(includes, of: model)
  }

  private mutating func add(_ includes: Includes, of model: ModelView) -> Int {
    let index = paths.count
    paths.append(Path(model: model, includes: includes))
    for branch in includes.branches {
      let inner = add(branch.inner, of: branch.model)
      paths[index].branches.append(inner)
    }
    return index
  }

  // MARK: Fetching.

  /// Fetches and prints what the first `count` objects of this page embed, level by level: one call for the objects of
  /// a level, whatever their models. `displays` is then loaded with other pages.
  mutating func load(
    for page: RowPage, count: Int, displays: inout DisplayWriter, from snapshot: any Snapshot
  ) throws {
    // What earlier pages have brought is used again, as long as it is little.
    if bytes.isSpilled || bytes.end > EmbeddedBytes.bytesInMemory / 2 { forget() }
    var level = [Wanted](repeating: Wanted(), count: paths.count)
    let rows = page.view
    for (number, branch) in paths[0].includes.branches.enumerated() {
      let slot = RowPage.Lead.count + branch.column
      for row in 0..<min(count, page.count) where rows.kind(row, slot) == .id {
        level[paths[0].branches[number]].add(rows.id(row, slot))
      }
    }
    withExtendedLifetime(page) {}
    var wants = ask(for: level)
    while !wants.isEmpty {
      level = [Wanted](repeating: Wanted(), count: paths.count)
      try load(wants, &level, displays: &displays, from: snapshot)
      wants = ask(for: level)
    }
  }

  private mutating func forget() {
    bytes = EmbeddedBytes(spool)
    gaps.removeAll(keepingCapacity: true)
    for index in paths.indices { paths[index].objects.removeAll(keepingCapacity: true) }
  }

  /// Distinct ids in order of appearance.
  private struct Wanted {
    private(set) var ids: [ObjectID] = []
    private var seen: Set<ObjectID> = []

    mutating func add(_ id: ObjectID) {
      if seen.insert(id).inserted { ids.append(id) }
    }
  }

  /// What is to be fetched for a level, by path; it is not asked for again.
  private mutating func ask(for level: [Wanted]) -> [Want] {
    var wants: [Want] = []
    for (path, wanted) in level.enumerated() {
      let ids = wanted.ids.filter { paths[path].objects[$0] == nil }
      if ids.isEmpty { continue }
      for id in ids { paths[path].objects.updateValue(nil, forKey: id) }
      let model = paths[path].model.stored
      wants.append(Want(number: path, model: model, ids: ids, columns: Array(model.columns.indices)))
    }
    return wants
  }

  /// Fetches these objects and prints them; `next` gets what they embed in turn.
  private mutating func load(
    _ wants: [Want], _ next: inout [Wanted], displays: inout DisplayWriter, from snapshot: any Snapshot
  ) throws {
    var rest = wants
    while !rest.isEmpty {
      let fetched = try snapshot.fetch(rest, attachments: [])
      let found = zip(rest, fetched.pages).filter { !$1.isEmpty }
      try displays.load(for: found.map { (page: $1, model: paths[$0.number].model) }, from: snapshot)
      for (want, page) in found {
        let firstGap = gaps.count
        try print(page, of: want.number, displays: &displays)
        for gap in gaps[firstGap...] { next[paths[want.number].branches[gap.branch]].add(gap.id) }
      }
      rest = fetched.rest
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
    let index = paths[path].branches[gap.branch]
    guard case .some(.some(let printed)) = paths[index].objects[gap.id] else {
      return spool.writer.append(sink.missing)
    }
    guard spool.length + printed.bytes.count <= Self.answerBytes else { throw Self.tooLarge }
    var position = printed.bytes.lowerBound
    for gap in gaps[printed.gaps] {
      try bytes.copy(position..<gap.offset, to: &spool)
      position = gap.offset
      try append(gap, of: index, to: &spool)
    }
    try bytes.copy(position..<printed.bytes.upperBound, to: &spool)
  }
}
