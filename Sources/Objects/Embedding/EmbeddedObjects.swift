import QueryLanguage
import Storage
import Wire

/// The related objects of an answer's objects, page by page: those of a level fetched in one call, each distinct object
/// printed once, its bytes copied wherever it belongs.
///
/// An object is printed with gaps where its own related objects belong; they are filled while copying, so
/// that an object that hangs on many others is kept once.
///
/// Memory is bounded: related objects come in pages of bounded size, few of which wait to be printed, and what is
/// printed of them waits in `EmbeddedBytes`. The answer is bounded too (`answerBytes`): one large object could stand in
/// it a thousand times.
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

  /// Fetches and prints what the first `count` objects of this page embed, and fetches what the displays of all of them
  /// take: one call for what is one level further from the page's objects, of whatever models, and for whichever of
  /// the two.
  mutating func load(
    for page: RowPage, count: Int, displays: inout DisplayWriter, from snapshot: any Snapshot
  ) throws {
    // What earlier pages have brought is used again, as long as it is little.
    if bytes.isSpilled || bytes.end > EmbeddedBytes.bytesInMemory / 2 { forget() }
    displays.forgetMuch()
    var level = DisplayLevel()
    displays.add(page, of: paths[0].model, to: &level)
    var waiting = Waiting()
    var hasForgotten = false
    var wants = ask(for: embedded(in: [(path: 0, page: page)], count: count))
    while !wants.isEmpty || !level.isEmpty {
      let fetched = try displays.fetch(&level, beside: wants, from: snapshot)
      let found = fetched.found.filter { !$1.isEmpty }.map { (path: ~$0.number, page: $1) }
      for (path, page) in found { displays.add(page, of: paths[path].model, to: &level) }
      wants = fetched.rest + ask(for: embedded(in: found, count: .max))
      waiting.add(found)
      if waiting.isMuch {
        try displays.load(&level, from: snapshot)
        try print(&waiting, displays: &displays)
        if displays.forgetMuch() { hasForgotten = true }
      }
    }
    try print(&waiting, displays: &displays)
    if hasForgotten { try displays.load(for: page, of: paths[0].model, from: snapshot) }
  }

  /// Objects that were fetched, and are printed once all is there that their displays take.
  private struct Waiting {
    private(set) var pages: [(path: Int, page: RowPage)] = []
    private var byteCount = 0

    var isMuch: Bool { byteCount > 2 << 20 }

    mutating func add(_ found: [(path: Int, page: RowPage)]) {
      pages += found
      byteCount += found.reduce(0) { $0 + $1.page.byteCount }
    }
  }

  /// What the first `count` objects of each of these pages embed, by path.
  private func embedded(in pages: [(path: Int, page: RowPage)], count: Int) -> [Wanted] {
    var found = [Wanted](repeating: Wanted(), count: paths.count)
    for (path, page) in pages {
      let rows = page.view
      for (branch, inner) in zip(paths[path].includes.branches, paths[path].branches) {
        let slot = RowPage.Lead.count + branch.column
        for row in 0..<min(count, page.count) where rows.kind(row, slot) == .id { found[inner].add(rows.id(row, slot)) }
      }
      withExtendedLifetime(page) {}
    }
    return found
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

  /// What is to be fetched of these, each numbered with the complement of its path; it is not asked for again.
  private mutating func ask(for level: [Wanted]) -> [Want] {
    var wants: [Want] = []
    for (path, wanted) in level.enumerated() {
      let ids = wanted.ids.filter { paths[path].objects[$0] == nil }
      if ids.isEmpty { continue }
      for id in ids { paths[path].objects.updateValue(nil, forKey: id) }
      let model = paths[path].model.stored
      wants.append(Want(number: ~path, model: model, ids: ids, columns: Array(model.columns.indices)))
    }
    return wants
  }

  private mutating func print(_ waiting: inout Waiting, displays: inout DisplayWriter) throws {
    for (path, page) in waiting.pages { try print(page, of: path, displays: &displays) }
    waiting = Waiting()
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
