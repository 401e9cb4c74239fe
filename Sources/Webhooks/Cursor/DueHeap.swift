/// Deliveries in the order of the times at which they are due: a binary heap.
///
/// One whose time has changed meanwhile is not taken out; whoever pops looks whether it still holds.
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
    var index = items.count - 1
    while index > 0, items[index].comesBefore(items[(index - 1) / 2]) {
      items.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  @discardableResult
  mutating func pop() -> Item? {
    guard let first = items.first, let last = items.popLast() else { return nil }
    if items.isEmpty { return first }
    items[0] = last
    var index = 0
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2]
      where child < items.count && items[child].comesBefore(items[least]) { least = child }
      if least == index { return first }
      items.swapAt(index, least)
      index = least
    }
  }

  mutating func removeAll() { items.removeAll(keepingCapacity: true) }
}
