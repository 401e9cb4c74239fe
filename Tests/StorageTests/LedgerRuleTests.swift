import Crypto
import StorageConformance
import Testing
import Wire

@testable import Storage

@Suite("What a write does to the ledger of attachments")
struct LedgerRuleTests {
  private typealias Scene = RuleScene

  private static func row(_ number: Int, bytes: Int?, links: Int64) -> LedgerRow {
    var row = LedgerRow(
      id: Scene.id(number), createdAt: 1, links: links, unlinkedSince: links == 0 ? Scene.second : nil)
    if let bytes { row.take(Scene.new(number, bytes: bytes)) }
    return row
  }

  private static func rows(_ attachments: [LedgerRow], _ blobs: [BlobRow] = []) -> KeptRows {
    var rows = KeptRows()
    for row in attachments { rows.attachments[row.id] = row }
    for blob in blobs { rows.blobs[blob.hash] = blob }
    return rows
  }

  private static func blob(_ bytes: Int, _ attachments: Int64, isLost: Bool = false) -> BlobRow {
    BlobRow(
      hash: Scene.hash(bytes), size: Int64(bytes), attachments: attachments,
      unneededSince: attachments == 0 ? Scene.second : nil, isLost: isLost)
  }

  private func put(_ photo: StoredValue) -> WriteStep { .put(Scene.model, Scene.id(1), [.null, .null, photo]) }

  @Test("An object that links a new attachment notes it with its bytes")
  func linking() throws {
    let new = Scene.new(20, bytes: 7)
    let context = Scene.context(bringing: [new])
    let step = put(.id(new.id))
    let needs = try #require(StepRule.needs(step, StepInputs(table: Scene.table), in: context))
    #expect(needs.attachments == [new.id] && needs.blobs == [new.hash])
    let changes = try #require(Scene.apply(step, context).kept)
    let row = try #require(changes.attachments.first)
    #expect(row.links == 1 && row.hash == new.hash && row.createdAt == Scene.second + 10 && row.unlinkedSince == nil)
    #expect(changes.blobs == [BlobRow(hash: new.hash, size: 7, attachments: 1)])
  }

  @Test("An id that nobody knows is one whose bytes are to come")
  func pending() throws {
    let changes = try #require(Scene.apply(put(.id(Scene.id(20)))).kept)
    #expect(changes.attachments.map(\.hash) == [nil] && changes.blobs.isEmpty)
  }

  @Test("What is linked no more says since when")
  func unlinking() throws {
    let (one, two) = (Self.row(20, bytes: 7, links: 1), Self.row(21, bytes: 8, links: 2))
    for row in [one, two] {
      let old = Scene.found([.null, .null, .id(row.id)])
      for step in [put(.null), .delete(Scene.model, Scene.id(1))] {
        let needs = StepRule.needs(step, StepInputs(table: Scene.table, object: old), in: Scene.context())
        #expect(needs?.attachments.contains(row.id) == true)
        let changes = try #require(Scene.apply(step, to: old, beside: Self.rows([row])).kept)
        #expect(changes.attachments.map(\.links) == [row.links - 1] && changes.blobs.isEmpty)
        #expect(changes.attachments.first?.unlinkedSince == (row.links == 1 ? Scene.second + 10 : nil))
      }
    }
  }

  @Test("A hidden column that is emptied links nothing any more")
  func hidden() throws {
    let row = Self.row(20, bytes: 7, links: 1)
    let old = Scene.found([.null, .null, .null], hidden: [.null, .id(row.id)])
    let step = WriteStep.patch(Scene.model, Scene.id(1), [(0, .text("x"))])
    let needs = StepRule.needs(step, StepInputs(table: Scene.table, object: old), in: Scene.context())
    #expect(needs?.attachments == [row.id])
    let effect = Scene.apply(step, to: old, beside: Self.rows([row]))
    #expect(effect.object?.cleared == [1] && effect.kept?.attachments.first?.links == 0)
  }

  @Test("The same bytes under the same name change nothing, and are found again where they were lost")
  func sameBytes() {
    let old = Scene.found([.null, .null, .id(Scene.id(20))])
    let again = Scene.new(21, bytes: 7)
    let context = Scene.context(bringing: [again])
    for isLost in [false, true] {
      let rows = Self.rows([Self.row(20, bytes: 7, links: 1)], [Self.blob(7, 1, isLost: isLost)])
      let effect = Scene.apply(put(.id(again.id)), to: old, beside: rows, context)
      #expect(effect.outcome.word == "unchanged" && effect.outcome.state?.values[2] == .id(Scene.id(20)))
      #expect((effect.kept?.blobs ?? []) == (isLost ? [Self.blob(7, 1)] : []))
    }
    let renamed = Scene.new(21, bytes: 7, name: "b.jpg")
    let rows = Self.rows([Self.row(20, bytes: 7, links: 1)], [Self.blob(7, 1)])
    let effect = Scene.apply(put(.id(again.id)), to: old, beside: rows, Scene.context(bringing: [renamed]))
    #expect(effect.outcome.word == "updated" && effect.kept?.blobs.map(\.attachments) == [2])
  }

  @Test("Bytes that come on their own are taken by an id that is new, waits or has lost its own")
  func receiving() throws {
    let new = Scene.new(20, bytes: 7)
    let step = WriteStep.receive(new)
    let fresh = try #require(Scene.apply(step, beside: KeptRows()).kept)
    #expect(fresh.attachments.first?.unlinkedSince == Scene.second + 10 && fresh.blobs.map(\.attachments) == [1])
    let whole = Self.rows([Self.row(20, bytes: 8, links: 2)], [Self.blob(8, 1)])
    #expect(Scene.apply(step, beside: whole).outcome.word == "id in use")
    #expect(StepRule.needs(step, StepInputs(kept: whole), in: Scene.context()).map(\.holders) == nil)
    var lost = Self.rows([Self.row(20, bytes: 8, links: 2)], [Self.blob(8, 1, isLost: true)])
    let needs = StepRule.needs(step, StepInputs(kept: lost), in: Scene.context())
    #expect(needs?.holders == new.id)
    lost.holders = [1, 2].map { number in
      LinkingObject(
        model: 7, id: Scene.id(number), row: Int64(number), updatedAt: Scene.second * Int64(number), previous: 40,
        values: [(3, .id(new.id))])
    }
    let changes = try #require(Scene.apply(step, beside: lost).kept)
    let first = (Scene.second + 10) * 1000 * 1024
    #expect(changes.linking.map(\.sequence) == [first, first + 1])
    #expect(changes.linking.map(\.previous) == [40, 40])
    #expect(changes.linking.map(\.updatedAt) == [Scene.second + 10, Scene.second * 2])
    #expect(Set(changes.blobs.map(\.attachments)) == [0, 1], "one for the new bytes, none for the lost ones")
  }

  @Test("The sweep takes what nothing links, and its bytes wait from then on")
  func sweeping() throws {
    var rows = Self.rows([], [Self.blob(7, 2), Self.blob(8, 1)])
    rows.unlinked = [Self.row(20, bytes: 7, links: 0), Self.row(21, bytes: 8, links: 0)]
    let effect = Scene.apply(.sweep(unlinkedBefore: .max, most: 10), beside: rows)
    let changes = try #require(effect.kept)
    #expect(effect.outcome.kept == .count(2) && changes.removedAttachments == [Scene.id(20), Scene.id(21)])
    let left = Dictionary(uniqueKeysWithValues: changes.blobs.map { ($0.hash, $0) })
    #expect(left[Scene.hash(7)]?.attachments == 1 && left[Scene.hash(7)]?.unneededSince == nil)
    #expect(left[Scene.hash(8)]?.attachments == 0 && left[Scene.hash(8)]?.unneededSince == Scene.second)
  }

  @Test("Bytes may go that nobody needs since long, and those that nobody knows")
  func removing() {
    let rows = Self.rows([], [Self.blob(7, 0), Self.blob(8, 1)])
    let keys = [7, 8, 9].map { BlobKey(Scene.hash($0)) } + [BlobKey(Scene.hash(8), generation: 3)]
    let early = Scene.apply(.remove(keys, unneededBefore: Scene.second), beside: rows)
    #expect(early.outcome.kept == .removing([keys[2], keys[3]]) && early.kept?.removedBlobs == [])
    let late = Scene.apply(.remove(keys, unneededBefore: Scene.second + 1), beside: rows)
    #expect(late.outcome.kept == .removing([keys[0], keys[2], keys[3]]))
    #expect(late.kept?.removedBlobs == [Scene.hash(7)] && late.kept?.removing == [keys[0], keys[2], keys[3]])
    #expect(Scene.apply(.forget(keys), beside: rows).kept?.forgotten == keys)
  }

  @Test("Bytes are taken up under the generation that is kept, else under one that was never given out")
  func generations() {
    let kept = BlobRow(hash: Scene.hash(7), generation: 4, size: 7, attachments: 0)
    for (kept, removing, floor, expected) in [
      (nil, nil, 0, 1), (kept, nil, 0, 4), (kept, 9, 9, 4), (nil, 1, 0, 2), (nil, 3, 7, 8), (nil, 8, 7, 9),
      (nil, nil, 2, 3),
    ] as [(BlobRow?, Int64?, Int64, Int64)] {
      #expect(BlobRule.generation(kept: kept, removing: removing, floor: floor) == expected)
    }
  }

  @Test("Bytes that were kept under a generation that is going say nothing of the next one")
  func otherGeneration() {
    var rows = Self.rows([], [Self.blob(7, 1)])
    rows.blobs[Scene.hash(7)]?.generation = 2
    let (old, new) = (BlobKey(Scene.hash(7)), BlobKey(Scene.hash(7), generation: 2))
    #expect(Scene.apply(.lost([old], true), beside: rows).kept == nil)
    #expect(Scene.apply(.lost([new], true), beside: rows).kept?.blobs.map(\.isLost) == [true])
    #expect(Scene.apply(.remove([old], unneededBefore: 0), beside: rows).kept?.removedBlobs == [])
  }

  @Test("A key is read as it is written, and nothing else is")
  func keys() {
    let hash = Scene.hash(7)
    for generation in [1, 2, 10, 999_999_999_999_999_999] as [Int64] {
      let key = BlobKey(hash, generation: generation)
      #expect(BlobKey(key.description) == key)
    }
    #expect(BlobKey(hash).description == hash.description && BlobKey(hash, generation: 2).description == "\(hash).2")
    for text in [
      "", ".2", "\(hash).", "\(hash).1", "\(hash).02", "\(hash).+2", "\(hash).-2", "\(hash).2.3", "\(hash).x",
      "\(hash).1000000000000000000", "\(hash)2", "x\(hash)",
    ] {
      #expect(BlobKey(text) == nil, "\(text)")
    }
  }

  @Test("Wrong counts become what was found")
  func mending() throws {
    var rows = Self.rows([Self.row(20, bytes: 7, links: 3), Self.row(21, bytes: 7, links: 0)], [Self.blob(7, 9)])
    rows.miscounts = Recount(
      links: [
        .init(name: Scene.id(20), noted: 3, found: 0), .init(name: Scene.id(21), noted: 0, found: 2),
        .init(name: Scene.id(22), noted: nil, found: 1),
      ],
      blobs: [.init(name: Scene.hash(7), noted: 9, found: 2), .init(name: Scene.hash(8), noted: nil, found: 1)])
    rows.sizes[Scene.hash(8)] = 80
    let changes = try #require(Scene.apply(.mend(at: 5, most: 10), beside: rows).kept)
    #expect(changes.attachments.map(\.links) == [0, 2, 1])
    #expect(changes.attachments.map(\.unlinkedSince) == [5, nil, nil])
    #expect(changes.attachments.map(\.hash) == [Scene.hash(7), Scene.hash(7), nil])
    #expect(changes.blobs.map(\.attachments) == [2, 1] && changes.blobs.map(\.size) == [7, 80])
  }
}
