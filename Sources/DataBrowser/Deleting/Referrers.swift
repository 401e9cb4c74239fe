import Objects
import QueryLanguage
import Storage
import Web
import Wire

/// What refers to an object by one of its relations.
package struct Referrers: Sendable {
  package var label: String
  package var model: String
  /// The table of all of them.
  package var view: ViewText
  package var count: BoundedCount
}

/// An object that is to be deleted, with what refers to it, of one moment.
struct Deletion: Sendable {
  let model: ModelView
  let link: ObjectLink
  /// Of the object's last write.
  let sequence: Int64
  /// The last one of the deployment.
  let moment: Int64
  let referrers: [Referrers]

  /// How many refer to it altogether; nil where there was no time to count. An object that does so twice counts twice.
  var count: Int? {
    var sum = 0
    for referrer in referrers {
      guard case .exact(let count) = referrer.count else { return nil }
      sum += count
    }
    return sum
  }

  /// A batch has a thousand steps, and one of them deletes.
  static let mostCleared = 999
}

extension PageRead {
  /// - Throws: `PageFault` where the object is not there.
  func deletion(of id: ObjectID, _ model: ModelView) throws -> Deletion {
    guard let page = try snapshot.object(model.stored, id) else { throw Self.missing(id, model, in: call.id) }
    let display = try displays(of: [id], in: model)[id] ?? ""
    let clock = ContinuousClock()
    let end = clock.now + Self.usualTime
    return Deletion(
      model: model, link: ObjectLink(model: model.name, id: id, display: display),
      sequence: page.integer(0, RowPage.Lead.sequence), moment: try snapshot.nextSequence() - 1,
      referrers: try Relation.all(towards: model, among: models).map { relation in
        Referrers(
          label: relation.label, model: relation.model.name, view: relation.view(id),
          count: try snapshot.count(
            relation.model.stored, relation.others(than: id, of: model), upTo: .max,
            within: clock.now.duration(to: end)))
      })
  }

  /// The steps that take the object's id out of all that refers to it, each under the condition that nobody has written
  /// to it since it was read.
  /// - Returns: nil where one of them was written to after `moment`, and was perhaps not announced.
  func clearing(_ id: ObjectID, of model: ModelView, announcedAt moment: Int64) throws -> ClearingSteps? {
    var steps = ClearingSteps()
    for relation in Relation.all(towards: model, among: models) {
      let plan = ReadPlan(
        model: relation.model.stored, predicate: relation.others(than: id, of: model), limit: Deletion.mostCleared + 1)
      try snapshot.list(plan) { page in
        for row in 0..<page.count {
          steps.add(
            page.id(row), of: relation.model.stored, relation.position,
            sequence: page.integer(row, RowPage.Lead.sequence))
        }
      }
    }
    return steps.isAnnounced(at: moment) ? steps : nil
  }
}

extension Relation {
  /// Those that refer to the object, but for itself: it goes.
  fileprivate func others(than id: ObjectID, of target: ModelView) -> Predicate {
    model.name == target.name ? .all([predicate(id), .notEqual(.id, .id(id))]) : predicate(id)
  }
}

/// Objects with the columns that are to be cleared. One that refers to the object by several is written once, so that no
/// step meets what an earlier one did.
struct ClearingSteps: Sendable {
  private var byObject: [Key: Int] = [:]
  private var all: [(model: StoredModel, id: ObjectID, positions: [Int], sequence: Int64)] = []

  private struct Key: Hashable {
    let model: Int
    let id: ObjectID
  }

  var count: Int { all.count }

  mutating func add(_ id: ObjectID, of model: StoredModel, _ position: Int, sequence: Int64) {
    let key = Key(model: model.number, id: id)
    if let index = byObject[key] {
      all[index].positions.append(position)
    } else {
      byObject[key] = all.count
      all.append((model, id, [position], sequence))
    }
  }

  func isAnnounced(at moment: Int64) -> Bool { all.allSatisfy { $0.sequence <= moment } }

  /// With their conditions, by the index of the step.
  var plan: (steps: [WriteStep], conditions: [Precondition]) {
    (
      all.map { one in .patch(one.model, one.id, one.positions.map { (position: $0, value: .null) }) },
      all.enumerated().map { .object(step: $0, .sequence(among: [$1.sequence])) }
    )
  }
}
