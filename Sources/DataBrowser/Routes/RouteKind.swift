/// The table of routes: for each its path, who may come, and how it is asked. The router, links, tests and the
/// documentation read it. By their numbers requests are counted.
package enum RouteKind: UInt8, CaseIterable, Sendable {
  case assets = 1, deployments, signOut, overview, models, find, table, filter, columns, pick, about, object, json, peek

  /// The path as documentation shows it: `{d}` a deployment, `{m}` a model, `{id}` an object.
  package var pattern: String {
    switch self {
    case .assets: "/databrowser/assets/{hash}/{file}"
    case .deployments: "/databrowser"
    case .signOut: "/databrowser/sign-out"
    case .overview: "/databrowser/{d}"
    case .models: "/databrowser/{d}/models"
    case .find: "/databrowser/{d}/find"
    case .table: "/databrowser/{d}/models/{m}"
    case .filter: "/databrowser/{d}/models/{m}/filter"
    case .columns: "/databrowser/{d}/models/{m}/columns"
    case .pick: "/databrowser/{d}/models/{m}/pick"
    case .about: "/databrowser/{d}/models/{m}/about"
    case .object: "/databrowser/{d}/models/{m}/{id}"
    case .json: "/databrowser/{d}/models/{m}/{id}/json"
    case .peek: "/databrowser/{d}/models/{m}/{id}/peek"
    }
  }

  /// What one must be to come.
  package var need: Need {
    switch self {
    case .assets: .anyone
    case .deployments, .signOut: .signedIn
    case .overview, .models, .find, .table, .filter, .columns, .pick, .about, .object, .json, .peek: .viewer
    }
  }

  package var methods: Methods {
    switch self {
    case .signOut: .post
    case .filter: .both
    case .assets, .deployments, .overview, .models, .find, .table, .columns, .pick, .about, .object, .json, .peek: .get
    }
  }

  /// In a few words, for documentation.
  package var summary: String {
    switch self {
    case .assets: "Style sheet, modules and icons."
    case .deployments: "The deployments that one may see."
    case .signOut: "Ends the session."
    case .overview: "What a deployment has, and what is wrong with it."
    case .models: "All models with their counts."
    case .find: "Finds models, an object by its id in any model, and objects by text."
    case .table: "Objects of a model, filtered and sorted."
    case .filter: "The form of a table's filters."
    case .columns: "Which columns a table shows."
    case .pick: "Chooses an object for a relationship."
    case .about: "Fields, relationships, indexes and examples for the API."
    case .object: "An object with what is related to it."
    case .json: "An object as the API prints it."
    case .peek: "The fields of an object in short."
    }
  }
}

/// How a route may be asked. HEAD goes where GET goes.
package enum Methods: Sendable {
  case get, post, both
}
