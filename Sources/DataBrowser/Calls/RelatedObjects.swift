import DataModel
import Objects
import QueryLanguage
import Storage
import Wire

/// A way in which objects of a model refer to an object: a has-many, or a belongs-to that has none.
struct Relation: Sendable {
  /// As the data model names the has-many; the model's label where it has none.
  let label: String
  let model: ModelView
  /// The position of the belongs-to among that model's columns, and its name in filters.
  let position: Int
  let filterName: String

  /// All towards a model, of models that are there for the visitor.
  static func all(towards target: ModelView, among models: VisibleModels) -> [Relation] {
    var found: [Relation] = []
    var known: Set<String> = []
    for view in target.stored.model.hasMany {
      guard let model = models[view.model], let position = model.stored.position(of: view.inverseOf) else { continue }
      known.insert("\(view.model).\(view.inverseOf)")
      found.append(
        Relation(label: view.name, model: model, position: position, filterName: view.inverseOf + "_id"))
    }
    for model in models.all {
      for relationship in model.stored.model.belongsTo where relationship.model == target.name {
        guard !known.contains("\(model.name).\(relationship.name)"),
          let position = model.stored.position(of: relationship.name)
        else { continue }
        found.append(
          Relation(
            label: "\(model.stored.model.label) by \(relationship.name)", model: model, position: position,
            filterName: relationship.idName))
      }
    }
    return found
  }

  func predicate(_ id: ObjectID) -> Predicate { .equal(.column(position), .id(id)) }

  /// The table of all that refer to the object.
  func view(_ id: ObjectID) -> ViewText {
    var view = TableView()
    view.filters = [TableView.Filter(filterName, id.description)]
    return view.text
  }
}

extension PageRead {
  /// Relations with counts; further ones are links.
  private static let mostRelations = 20
  private static let mostObjects = 5

  /// What refers to an object, newest first.
  /// - Parameter unready: names of models and belongs-to whose index is being built, as `flight.airline_id`: nothing of
  ///   them is looked for.
  func related(to id: ObjectID, of model: ModelView, unready: Set<String>) throws -> [ObjectPage.Related] {
    let clock = ContinuousClock()
    let end = clock.now + Self.usualTime
    return try Relation.all(towards: model, among: models).enumerated().map { index, relation in
      var related = ObjectPage.Related(
        label: relation.label, model: relation.model.name, view: relation.view(id), count: nil, links: [],
        isIndexReady: !unready.contains("\(relation.model.name).\(relation.filterName)"),
        relationship: relation.model.stored.columns[relation.position].name)
      guard index < Self.mostRelations, related.isIndexReady else { return related }
      let predicate = relation.predicate(id)
      // All of them together have the time that one count has.
      related.count = try snapshot.count(
        relation.model.stored, predicate, upTo: Self.usualMost, within: clock.now.duration(to: end))
      if related.count != .exact(0) {
        related.links = try links(
          to: relation.model, where: predicate, sort: [SortKey(column: .natural, descending: true)],
          limit: Self.mostObjects
        ).links
      }
      return related
    }
  }
}
