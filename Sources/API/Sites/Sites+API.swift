import HTTPServer

extension Sites {
  /// The API's own sites, and others beside them that the API knows nothing of.
  /// Whoever looks at the host's root is led to `root`, where it is given.
  package init(_ services: APIServices, beside others: [Site] = [], root: String? = nil) {
    let sites = [Site("/api", APIHandler(services)), Site("/health", HealthHandler(services))]
    let pages = PageHandler(services)
    let ways = root.map { [Site("/", RootHandler(target: $0, rest: pages))] } ?? []
    self.init(sites + others + ways, rest: pages)
  }
}
