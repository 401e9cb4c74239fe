import Storage
import Testing

@testable import Webhooks

@Suite("The lease of a webhook's deliveries")
struct DeliveryLeaseTests {
  private func hold(_ number: Int64) -> LeaseHold { LeaseHold(name: "webhook a", number: number) }

  @Test("is asked for at once, and renewed at half of its time")
  func renewal() {
    var lease = DeliveryLease(milliseconds: 30_000)
    #expect(lease.hold == nil && lease.isToAsk(at: 0))
    let isAnother = lease.took(hold(1), at: 100)
    #expect(isAnother)
    #expect(lease.hold == hold(1) && !lease.isToAsk(at: 15_099) && lease.isToAsk(at: 15_100))
    let isRenewed = !lease.took(hold(1), at: 15_100)
    #expect(isRenewed && !lease.isToAsk(at: 30_099) && lease.isToAsk(at: 30_100))
  }

  @Test("that holds for good is never asked for again")
  func forGood() {
    var lease = DeliveryLease(milliseconds: .max)
    let isAnother = lease.took(hold(3), at: 1_800_000_000_000)
    #expect(isAnother)
    #expect(!lease.isToAsk(at: .max - 1) && lease.isInForce(at: .max - 1))
  }

  @Test("is another one after somebody else had it")
  func loss() {
    for (milliseconds, pause) in [(30_000, 10_000), (6000, 2000), (.max, 10_000)] as [(Int64, Int64)] {
      var lease = DeliveryLease(milliseconds: milliseconds)
      _ = lease.took(hold(1), at: 0)
      lease.lost(at: 50)
      #expect(lease.hold == nil && !lease.isToAsk(at: 49 + pause) && lease.isToAsk(at: 50 + pause))
      let isAnother = lease.took(hold(3), at: 50 + pause)
      #expect(isAnother)
      #expect(lease.hold == hold(3))
    }
  }

  @Test("is in force where nobody could be asked, until its time is over")
  func failure() {
    var lease = DeliveryLease(milliseconds: 30_000)
    _ = lease.took(hold(1), at: 0)
    lease.failed(at: 20_000)
    #expect(lease.hold == hold(1) && !lease.isToAsk(at: 20_999) && lease.isToAsk(at: 21_000))
    #expect(lease.isInForce(at: 29_999) && !lease.isInForce(at: 30_000))
    // What is written under it says so, and is refused where another has it.
    #expect(lease.hold == hold(1))
    let isAnother = lease.took(hold(1), at: 40_000)
    #expect(!isAnother && lease.isInForce(at: 69_999))
    lease.lost(at: 50_000)
    #expect(!lease.isInForce(at: 50_000))
  }
}
