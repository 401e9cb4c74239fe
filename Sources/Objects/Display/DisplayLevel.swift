import Wire

/// What displays take that is still to be fetched: related objects that are equally far away, and attachments.
struct DisplayLevel {
  /// Objects of one model.
  struct Wanted {
    let errand: DisplayPlan.Errand
    /// Those that were not asked for before.
    var missing: [ObjectID] = []
    /// All of them, each once where they lie one behind the other; empty where nothing lies behind them.
    var all: [ObjectID] = []
  }

  var wanted: [Wanted] = []
  var attachments: [ObjectID] = []

  var isEmpty: Bool { wanted.isEmpty && attachments.isEmpty }

  /// The index in `wanted` of what this errand wants.
  mutating func index(of errand: DisplayPlan.Errand) -> Int {
    // Few: one for each part of a display.
    if let known = wanted.firstIndex(where: { $0.errand == errand }) { return known }
    wanted.append(Wanted(errand: errand))
    return wanted.count - 1
  }
}
