import Storage
import Testing

@Suite("Plans of one transaction")
struct PlanGroupTests {
  private func plan(steps: Int) -> WritePlan {
    WritePlan(steps: Array(repeating: .kept(.appUser(nil)), count: steps), origin: "password")
  }

  @Test("are full by their steps, and empty again when they are cleared")
  func full() {
    var group = PlanGroup()
    #expect(group.isEmpty && !group.isFull)
    group.add(plan(steps: PlanGroup.mostSteps - 1), nil)
    #expect(!group.isEmpty && !group.isFull)
    group.add(plan(steps: 1), nil)
    #expect(group.isFull && group.plans.count == 2)
    group.clear()
    #expect(group.isEmpty && !group.isFull)
  }

  /// Runs `end` on a group of three plans, of which nobody waits for the second; what the other two were told.
  private func answers(_ end: @Sendable @escaping (PlanGroup) -> Void) async -> [Result<Int, StorageError>] {
    await withTaskGroup(of: (Int, Result<Int, StorageError>).self) { tasks in
      let (continuations, feed) = AsyncStream<(Int, PlanGroup.Answer)>.makeStream()
      for number in [0, 2] {
        tasks.addTask {
          do {
            let outcome = try await withCheckedThrowingContinuation { feed.yield((number, $0)) } as WriteOutcome
            return (number, .success(outcome.steps.count))
          } catch {
            return (number, .failure(error as? StorageError ?? .closed))
          }
        }
      }
      var waiting: [Int: PlanGroup.Answer] = [:]
      for await (number, answer) in continuations {
        waiting[number] = answer
        if waiting.count == 2 { break }
      }
      var group = PlanGroup()
      for number in 0..<3 { group.add(plan(steps: 1), waiting[number]) }
      end(group)
      var found: [Int: Result<Int, StorageError>] = [:]
      for await (number, result) in tasks { found[number] = result }
      return [0, 2].compactMap { found[$0] }
    }
  }

  @Test("tell each who waits what became of its own")
  func outcomes() async {
    let found = await answers { group in
      group.answer([
        .success(WriteOutcome(steps: [])), .success(WriteOutcome(steps: [])), .failure(StorageError.busy),
      ])
    }
    #expect(found == [.success(0), .failure(.busy)])
  }

  @Test("tell everyone why nothing of it was done")
  func refusal() async {
    let found = await answers { $0.refuse(StorageError.unavailable("the disk is full")) }
    #expect(found == Array(repeating: .failure(.unavailable("the disk is full")), count: 2))
  }
}
