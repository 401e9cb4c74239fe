import DataModel

@testable import DataBrowser

/// Two texts with U+0000 between, held against each other line by line, and as data models.
enum Differences {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    let (old, new) = input.halves(at: 0)
    let (before, after) = (old.lines, new.lines)
    let difference = LineDiff(before, after)
    var (left, right) = ([String](), [String]())
    for step in difference.steps {
      switch step {
      case .same(let old, let new):
        try promise(before[old], is: after[new], "lines that are the same are")
        left.append(before[old])
        right.append(after[new])
      case .removed(let old): left.append(before[old])
      case .added(let new): right.append(after[new])
      }
    }
    try promise(left, is: before, "the steps have all old lines in order")
    try promise(right, is: after, "the steps have all new lines in order")
    for step in difference.excerpt(around: 2) { _ = step?.isSame }
    try models(old, new)
  }

  private static func models(_ old: FuzzInput, _ new: FuzzInput) throws(BrokenPromise) {
    guard let new = DataModelReader.read(new.bytes).model, let old = DataModelReader.read(old.bytes).model else {
      return
    }
    let changes = new.changes(since: old)
    try promise(changes.isEmpty, is: new.hash == old.hash, "models with one hash differ in nothing: \(changes)")
  }
}
