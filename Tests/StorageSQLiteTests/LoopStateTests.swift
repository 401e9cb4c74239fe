import Testing

@testable import Threads

@Suite("A loop that borrows a thread")
struct LoopStateTests {
  enum Event { case call, begin, endWithMore, endWithNothing, close }

  /// Events from the beginning, the state after them, and what the last asks for.
  static let table: [([Event], LoopState.Phase, LoopState.Action)] = [
    ([.call], .queued, .queue),
    ([.call, .call], .queued, .none),
    ([.call, .begin, .endWithNothing], .idle, .none),
    ([.call, .begin, .endWithMore], .queued, .queue),
    ([.call, .begin, .call], .running, .none),
    ([.call, .begin, .call, .endWithNothing], .queued, .queue),
    ([.call, .begin, .call, .endWithNothing, .begin, .endWithNothing], .idle, .none),
    ([.call, .begin, .endWithNothing, .call], .queued, .queue),
    ([.close], .queued, .queue),
    ([.close, .begin, .endWithNothing], .closed, .finish),
    ([.close, .begin, .endWithMore], .queued, .queue),
    ([.close, .close], .queued, .none),
    ([.call, .close], .queued, .none),
    ([.call, .begin, .close], .running, .none),
    ([.call, .begin, .close, .endWithNothing], .closed, .finish),
    ([.call, .begin, .close, .call, .endWithNothing], .queued, .queue),
    ([.close, .begin, .endWithNothing, .call], .closed, .none),
    ([.close, .begin, .endWithNothing, .close], .closed, .none),
  ]

  @Test("goes from state to state as the table says", arguments: table)
  func states(events: [Event], phase: LoopState.Phase, action: LoopState.Action) {
    var state = LoopState()
    var last = LoopState.Action.none
    for event in events {
      switch event {
      case .call: last = state.call()
      case .begin:
        state.begin()
        last = .none
      case .endWithMore: last = state.end(hasMore: true)
      case .endWithNothing: last = state.end(hasMore: false)
      case .close: last = state.close()
      }
    }
    #expect(state.phase == phase)
    #expect(last == action)
  }
}
