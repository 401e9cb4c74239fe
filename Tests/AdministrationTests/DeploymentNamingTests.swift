import Testing

@testable import Administration

@Suite("Deployments are named")
struct DeploymentNamingTests {
  private let known = [("01", "flights"), ("02", "twice"), ("03", "twice"), ("04", "01")]

  @Test(
    "by their ids, and by a name that one alone has",
    arguments: [("01", "01"), ("02", "02"), ("flights", "01"), ("none", "none"), ("", "")])
  func one(_ text: String, _ id: String) throws { #expect(try DeploymentNaming.id(of: text, among: known) == id) }

  @Test("by no name that several have: their ids are told")
  func several() {
    #expect(
      throws: AdminRefusal(
        "2 deployments have the name “twice”: 02, 03.", hint: "Give --deployment the id of the one that is meant.")
    ) { try DeploymentNaming.id(of: "twice", among: known) }
  }
}
