/// What changes from one list of lines to another, with as few changes as there are: Myers' way.
struct LineDiff: Sendable {
  enum Step: Sendable, Equatable {
    /// Indexes of the line in the old list and in the new one.
    case same(Int, Int)
    case removed(Int)
    case added(Int)
  }

  private(set) var steps: [Step] = []
  /// Whether the lists differ too much to be held against each other: then one part is all removed and all added.
  private(set) var isRough = false

  /// Changes up to which the fewest are looked for: what it costs grows with their square.
  private static let most = 1000

  init<Line: Hashable>(_ old: [Line], _ new: [Line]) {
    var numbers: [Line: Int] = [:]
    func numbered(_ lines: [Line]) -> [Int] {
      lines.map { line in
        if let known = numbers[line] { return known }
        numbers[line] = numbers.count
        return numbers.count - 1
      }
    }
    let (a, b) = (numbered(old), numbered(new))
    var start = 0
    while start < min(a.count, b.count), a[start] == b[start] { start += 1 }
    var end = 0
    while end < min(a.count, b.count) - start, a[a.count - 1 - end] == b[b.count - 1 - end] { end += 1 }
    let (oldMiddle, newMiddle) = (start..<(a.count - end), start..<(b.count - end))
    steps = (0..<start).map { .same($0, $0) }
    if let found = Self.script(Array(a[oldMiddle]), Array(b[newMiddle])) {
      steps += found.map { $0.moved(by: start) }
    } else {
      isRough = true
      steps += oldMiddle.map { .removed($0) } + newMiddle.map { .added($0) }
    }
    steps += (0..<end).map { .same(a.count - end + $0, b.count - end + $0) }
  }

  /// Nil where there are more than `most` changes.
  private static func script(_ a: [Int], _ b: [Int]) -> [Step]? {
    let most = min(a.count + b.count, most)
    let middle = most + 1
    // How far one gets on each diagonal with so many changes.
    var reach = [Int](repeating: 0, count: 2 * most + 3)
    var trace: [[Int]] = []
    for changes in 0...most {
      trace.append(Array(reach[(middle - changes - 1)...(middle + changes + 1)]))
      for diagonal in stride(from: -changes, through: changes, by: 2) {
        let (less, more) = (reach[middle + diagonal - 1], reach[middle + diagonal + 1])
        var x = diagonal == -changes || (diagonal != changes && less < more) ? more : less + 1
        while x < a.count, x - diagonal < b.count, a[x] == b[x - diagonal] { x += 1 }
        reach[middle + diagonal] = x
        if x >= a.count, x - diagonal >= b.count { return steps(back: trace, a.count, b.count) }
      }
    }
    return nil
  }

  private static func steps(back trace: [[Int]], _ oldCount: Int, _ newCount: Int) -> [Step] {
    var (x, y) = (oldCount, newCount)
    var steps: [Step] = []
    for (changes, reach) in trace.enumerated().reversed() {
      let (diagonal, middle) = (x - y, changes + 1)
      let isDown =
        diagonal == -changes
        || (diagonal != changes && reach[middle + diagonal - 1] < reach[middle + diagonal + 1])
      let before = isDown ? diagonal + 1 : diagonal - 1
      let startX = reach[middle + before]
      let startY = startX - before
      while x > startX, y > startY {
        (x, y) = (x - 1, y - 1)
        steps.append(.same(x, y))
      }
      if changes > 0 { steps.append(isDown ? .added(y - 1) : .removed(x - 1)) }
      (x, y) = (startX, startY)
    }
    return steps.reversed()
  }

  /// The changes with so many equal lines around each; `nil` stands where lines are left out.
  func excerpt(around context: Int) -> [Step?] {
    var isNear = [Bool](repeating: false, count: steps.count)
    for (index, step) in steps.enumerated() where !step.isSame {
      for near in max(0, index - context)...min(steps.count - 1, index + context) { isNear[near] = true }
    }
    var shown: [Step?] = []
    for (index, step) in steps.enumerated() {
      if isNear[index] {
        shown.append(step)
      } else if shown.isEmpty || shown[shown.count - 1] != nil {
        shown.append(nil)
      }
    }
    return shown
  }
}

extension LineDiff.Step {
  var isSame: Bool { if case .same = self { true } else { false } }

  fileprivate func moved(by count: Int) -> LineDiff.Step {
    switch self {
    case .same(let old, let new): .same(old + count, new + count)
    case .removed(let old): .removed(old + count)
    case .added(let new): .added(new + count)
    }
  }
}
