import HTTPServer

extension Sites {
  /// The API's own sites, and others beside them that the API knows nothing of.
  package init(_ services: APIServices, beside others: [Site] = []) {
    let sites = [Site("/api", APIHandler(services)), Site("/health", HealthHandler(services))]
    self.init(sites + others, rest: PageHandler(services))
  }
}
