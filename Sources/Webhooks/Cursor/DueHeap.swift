/// Moments in order, each with what is due then: a binary heap.
///
/// What has changed its moment meanwhile is not taken out; whoever pops looks whether it still holds.
struct DueHeap: Sendable {
  struct Item: Sendable, Equatable {
    let at: Int64
    let sequence: Int64

    fileprivate func comesBefore(_ other: Item) -> Bool { (at, sequence) < (other.at, other.sequence) }
  }

  private var items: [Item] = []

  var first: Item? { items.first }
  var count: Int { items.count }

  mutating func push(_ item: Item) {
    items.append(item)
    var place = items.count - 1
    while place > 0, items[place].comesBefore(items[(place - 1) / 2]) {
      items.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  @discardableResult
  mutating func pop() -> Item? {
    guard let first = items.first, let last = items.popLast() else { return nil }
    if items.isEmpty { return first }
    items[0] = last
    var place = 0
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2]
      where child < items.count && items[child].comesBefore(items[least]) { least = child }
      if least == place { return first }
      items.swapAt(place, least)
      place = least
    }
  }

  mutating func removeAll() { items.removeAll(keepingCapacity: true) }
}
