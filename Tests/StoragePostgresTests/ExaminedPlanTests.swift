import Storage
import Testing

@testable import StoragePostgres

/// What PostgreSQL 15 says of plans that it explains.
@Suite struct ExaminedPlanTests {
  @Test func rowsOfTheTableAndIndexesAreFoundAtAnyDepth() throws {
    let plan = try ExaminedPlan(
      """
      [{"Plan": {"Node Type": "Limit", "Actual Rows": 30, "Actual Loops": 1, "Plans": [
        {"Node Type": "Append", "Actual Rows": 30, "Actual Loops": 1, "Plans": [
          {"Node Type": "Bitmap Heap Scan", "Relation Name": "m1", "Actual Rows": 10, "Actual Loops": 1,
           "Rows Removed by Index Recheck": 2, "Rows Removed by Filter": 5, "Plans": [
             {"Node Type": "Bitmap Index Scan", "Index Name": "m1_a", "Actual Rows": 17, "Actual Loops": 1}]},
          {"Node Type": "Index Scan", "Index Name": "m1_b", "Relation Name": "m1", "Actual Rows": 2.5,
           "Actual Loops": 4},
          {"Node Type": "Index Scan", "Index Name": "m1_b", "Relation Name": "m1", "Actual Rows": 0,
           "Actual Loops": 0},
          {"Node Type": "Seq Scan", "Relation Name": "m12", "Actual Rows": 1000, "Actual Loops": 1}]}]},
        "Triggers": []}]
      """, of: "m1")
    #expect(plan.rows == 27 && plan.indexes == ["m1_a", "m1_b"])
  }

  @Test(arguments: ["", "[]", "{}", "[1]", "[{}]", "[{\"Plan\""])
  func whatIsNoPlanIsAFault(_ text: String) {
    #expect(throws: StorageError.self) { try ExaminedPlan(text, of: "m1") }
  }

  @Test func numbersThatAreNoneAreNotCounted() throws {
    let plan = try ExaminedPlan(
      """
      [{"Plan": {"Relation Name": "m1", "Actual Rows": -7, "Actual Loops": 1e300, "Rows Removed by Filter": "x"}}]
      """, of: "m1")
    #expect(plan.rows == 0 && plan.indexes == [])
  }
}
