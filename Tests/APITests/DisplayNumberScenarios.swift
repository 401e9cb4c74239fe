import HTTPServer
import JSON
import Testing

@Suite("Numbers in displays of objects")
struct DisplayNumberScenarios {
  private static let schema = """
    <data-model><model name="part" label="Part">
      <field name="size" label="Size" type="number"/>
      <field name="count" label="Count" type="integer"/>
      <field name="place" label="Place" type="location"/>
      <display>{size}|{size:.2f}|{size:.0f}|{count}|{count:.2f}|{count:.0f}|{place.latitude}|{place.latitude:.1f}</display>
    </model></data-model>
    """

  /// Members, and what the display shows.
  private static let rows: [(String, String)] = [
    (#""size":0.30000000000000004"#, "0.300000|0.30|0|||||"), (#""size":1e21"#, "1e+21|1e+21|1e+21|||||"),
    (#""size":0.125"#, "0.125|0.13|0|||||"), (#""size":2.5"#, "2.5|2.50|3|||||"),
    (#""size":-2.5"#, "-2.5|-2.50|-3|||||"),
    (#""size":1.005"#, "1.005|1.00|1|||||"), (#""size":5"#, "5.0|5.00|5|||||"), (#""size":-0.0"#, "0.0|0.00|0|||||"),
    (#""size":null"#, "|||||||"), (#""count":5"#, "|||5|5.00|5||"),
    (#""count":-2147483648"#, "|||-2147483648|-2147483648.00|-2147483648||"),
    (#""place":{"latitude":40.25,"longitude":0}"#, "||||||40.25|40.3"),
  ]

  @Test("are shortest, or rounded half away from zero")
  func numbers() async throws {
    try await TestAPI.run(schema: Self.schema) { api in
      for (members, display) in Self.rows {
        let made = await api.send(.post, "objects/part", "{\"part\":{\(members)}}")
        #expect(made.json?["display"]?.string == display, "\(members): \(made.text)")
      }
    }
  }
}
