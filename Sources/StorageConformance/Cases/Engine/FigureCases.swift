import Metrics
import Storage

extension StorageConformance {
  static let figures: [ConformanceCase] = [
    ConformanceCase("The figures of a store tell what it did") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let fresh = scene.store.figures
        try require(fresh.groupWrites.count, is: 0, "commits of a store that nobody wrote to")
        try require(fresh.lastSequence, is: 0, "its last sequence")
        for number in 1...5 { try await scene.write(.create(model, .numbered(number), model.row())) }
        let next = try await scene.store.read { try $0.nextSequence() }
        // Writers have their answers before everyone else is told.
        while scene.store.figures.lastSequence < next - 1 { await Task.yield() }
        let figures = scene.store.figures
        try require(figures.groupWrites.sum, is: 5, "writes in groups")
        try require(figures.groupWrites.count, is: figures.commitDuration.count, "commits")
        try require((1...5).contains(figures.groupWrites.count), "5 writes in \(figures.groupWrites.count) commits")
        try require(figures.writeWait.count, is: 5, "waits")
        try require(figures.waitingWrites, is: 0, "writes that wait")
        try require(figures.writeFailures, is: 0, "failures")
        try require(figures.lastSequence, is: next - 1, "the last sequence")
        for figure in figures.ofEngine {
          let (metric, labels) = (figure.metric, figure.labels(of: "a"))
          try require(
            metric.labels.first == "deployment" && metric.labels.count == labels.count,
            "\(metric.name) is no figure of a deployment, or has other labels than \(labels)")
          try require(
            figures.ofEngine.count { $0.metric == metric && $0.word == figure.word }, is: 1, "\(metric.name) twice")
        }
        try require(figures.isFit && scene.store.isFit, "a store that writes is fit")
      }
    },

    ConformanceCase("The figures of a store tell who waits for its feed") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        try await scene.write(.create(model, .numbered(1), model.row()))
        let store = scene.store
        let next = try await store.read { try $0.nextSequence() }
        async let waited = store.waitForEntry(from: next, until: .now + .seconds(20))
        while store.figures.waitingReaders == 0 { await Task.yield() }
        try require(store.figures.waitingReaders, is: 1, "readers that wait")
        try await scene.write(.create(model, .numbered(2), model.row()))
        try require(try await waited == .entry, "the one that waited was not told")
        try require(store.figures.waitingReaders, is: 0, "readers that wait after that")
      }
    },
  ]
}
