import Storage

extension ReadPlan {
  /// The smallest plan found by leaving parts out that still fails; itself where none smaller does.
  func shrunk(whileFailing fails: (ReadPlan) throws -> Bool) rethrows -> ReadPlan {
    var smallest = self
    var hasShrunk = true
    while hasShrunk {
      hasShrunk = false
      for candidate in smallest.smaller where try fails(candidate) {
        smallest = candidate
        hasShrunk = true
        break
      }
    }
    return smallest
  }

  /// Plans with one part less.
  private var smaller: [ReadPlan] {
    var plans: [ReadPlan] = []
    for predicate in predicate.smaller {
      var plan = self
      plan.predicate = predicate
      plans.append(plan)
    }
    for index in sort.indices {
      var plan = self
      plan.sort.remove(at: index)
      plans.append(plan)
    }
    if skip > 0 {
      var plan = self
      plan.skip = 0
      plans.append(plan)
    }
    if limit != 1000 {
      var plan = self
      plan.limit = 1000
      plans.append(plan)
    }
    return plans
  }
}

extension Predicate {
  fileprivate var smaller: [Predicate] {
    switch self {
    case .always: []
    case .all(let terms): terms + Self.shorter(terms).map(Predicate.all)
    case .any(let terms): terms + Self.shorter(terms).map(Predicate.any)
    default: [.always]
    }
  }

  /// The terms with one of them left out or made smaller.
  private static func shorter(_ terms: [Predicate]) -> [[Predicate]] {
    var lists: [[Predicate]] = []
    for index in terms.indices {
      var fewer = terms
      fewer.remove(at: index)
      lists.append(fewer)
      for smaller in terms[index].smaller {
        var changed = terms
        changed[index] = smaller
        lists.append(changed)
      }
    }
    return lists
  }
}
