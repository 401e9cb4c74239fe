import Testing
import Wire

@testable import Storage

@Suite("What a step beside the objects does")
struct KeptRuleTests {
  private typealias Scene = RuleScene
  private let now = Instant(clampingMilliseconds: RuleScene.second * 1000)

  @Test("An act on a user who has neither an object nor a record does nothing")
  func nobody() {
    let effect = Scene.apply(.user(Scene.user, .lock, at: now))
    #expect(effect.outcome.kept == .noUser && effect.outcome.isFailure && effect.kept == nil)
  }

  @Test("An act on a user is kept, and says that sessions may have ended")
  func act() throws {
    var rows = KeptRows()
    rows.isUserThere = true
    let effect = Scene.apply(.user(Scene.user, .lock, at: now), beside: rows)
    let changes = try #require(effect.kept)
    #expect(changes.user?.new.isLocked == true && changes.user?.old == nil && changes.endsSessions)
    #expect(effect.outcome.kept == changes.user.map { .user($0.new) })
  }

  @Test("A token is kept for a user who is there")
  func token() {
    let token = EnrolmentToken(hash: [1], user: Scene.user, expiresAt: .last)
    var rows = KeptRows()
    #expect(Scene.apply(.token(token, forgettingBefore: now), beside: rows).outcome.kept == .noUser)
    rows.isUserThere = true
    let effect = Scene.apply(.token(token, forgettingBefore: now), beside: rows)
    #expect(effect.outcome.kept == .done && effect.kept?.token == token && effect.kept?.horizon == now)
  }

  @Test("A device enrols once with a token that is good")
  func enrolment() throws {
    let request = EnrolmentRequest(
      tokenHash: [1], about: DeviceDescription(), secretHash: [2], newID: Scene.id(11), allowsMany: false, at: now)
    var rows = KeptRows()
    #expect(Scene.apply(.enrol(request), beside: rows).outcome.kept == .enrolment(.unknownToken))
    rows.token = EnrolmentToken(hash: [1], user: Scene.user, expiresAt: .last)
    let needs = StepRule.needs(.kept(.enrol(request)), StepInputs(kept: rows), in: Scene.context())
    #expect(needs?.user == Scene.user)
    #expect(Scene.apply(.enrol(request), beside: rows).outcome.kept == .enrolment(.deletedUser))
    rows.isUserThere = true
    let effect = Scene.apply(.enrol(request), beside: rows)
    #expect(effect.outcome.kept == .enrolment(.enrolled(user: Scene.user, session: Scene.id(11))))
    #expect(effect.kept?.token?.usedAt == now && effect.kept?.user?.new.isEnrolled == true)
    rows.token?.usedAt = now
    #expect(Scene.apply(.enrol(request), beside: rows).outcome.kept == .enrolment(.usedToken))
  }

  @Test("Of connections the later time wins, and a session that is not there is passed over")
  func connections() {
    let (early, late) = (now, Instant(clampingMilliseconds: (Scene.second + 5) * 1000))
    var rows = KeptRows()
    rows.connections = [Scene.id(1): early, Scene.id(2): late, Scene.id(3): nil]
    let step = KeptStep.connections([Scene.id(1): late, Scene.id(2): early, Scene.id(3): early, Scene.id(4): early])
    let noted = Scene.apply(step, beside: rows).kept?.connections ?? []
    #expect(Set(noted.map(\.session)) == [Scene.id(1), Scene.id(3)])
  }

  @Test("A webhook changes from the stored revision alone")
  func webhooks() {
    var record = WebhookRecord(name: "a", url: "", secret: [], position: 1)
    for (stored, revision, isKept) in [(nil, 0, true), (nil, 1, false), (0, 0, true), (3, 3, true), (4, 3, false)]
      as [(Int64?, Int64, Bool)]
    {
      var rows = KeptRows()
      rows.webhookRevision = stored
      record.revision = revision
      let effect = Scene.apply(.webhook(WebhookChange(record: record)), beside: rows)
      #expect(effect.outcome.kept == (isKept ? .done : .otherRevision))
      #expect(effect.kept?.webhook?.record.revision == (isKept ? revision + 1 : nil))
    }
  }

  @Test("The first signing key stays, and whoever brings another is told it")
  func signingKeys() {
    #expect(StepRule.needs(.signingKey([2])).needsSigningKey)
    var rows = KeptRows()
    let first = Scene.apply(.signingKey([2]), beside: rows)
    #expect(first.outcome.kept == .signingKey([2]) && first.kept?.signingKey == [2])
    rows.signingKey = [1]
    let second = Scene.apply(.signingKey([2]), beside: rows)
    #expect(second.outcome.kept == .signingKey([1]) && second.kept == nil && !second.outcome.isFailure)
  }

  @Test("A lease is free, one's own or somebody else's")
  func leases() {
    let (me, other) = (Scene.id(1), Scene.id(2))
    func taken(_ row: LeaseRow?) -> LeaseRow? { LeaseRule.taken(row, name: "a", by: me, for: 10, at: 100) }
    func row(_ holder: ObjectID, _ number: Int64, endsAt: Int64) -> LeaseRow {
      LeaseRow(name: "a", holder: holder, number: number, endsAt: endsAt)
    }
    #expect(taken(nil) == row(me, 1, endsAt: 110))
    #expect(taken(row(me, 4, endsAt: 101)) == row(me, 4, endsAt: 110))
    #expect(taken(row(me, 4, endsAt: 100)) == row(me, 5, endsAt: 110), "an own one that has ended is a new one")
    #expect(taken(row(other, 4, endsAt: 101)) == nil)
    #expect(taken(row(other, 4, endsAt: 100)) == row(me, 5, endsAt: 110))
    #expect(LeaseRule.taken(nil, name: "a", by: me, for: .max, at: 100)?.endsAt == .max)
    #expect(LeaseRule.givenUp(row(me, 4, endsAt: 500), LeaseHold(name: "a", number: 4))?.endsAt == .min)
    #expect(LeaseRule.givenUp(row(other, 5, endsAt: 500), LeaseHold(name: "a", number: 4)) == nil)
  }

  @Test("The name of the users' model is stored where it is another one")
  func appUser() {
    #expect(Scene.apply(.appUser("flight"), Scene.context(appUser: "flight")).kept == nil)
    #expect(Scene.apply(.appUser(nil), Scene.context(appUser: "flight")).kept?.appUser == .some(nil))
    #expect(Scene.apply(.appUser("flight")).kept?.appUser == .some("flight"))
  }

  @Test("A precondition on an object holds by its sequence, or by whether it is there")
  func conditions() {
    let object = Scene.found([.null, .null, .null])
    #expect(ObjectCondition.exists.holds(for: object) && !ObjectCondition.exists.holds(for: nil))
    #expect(ObjectCondition.isAbsent.holds(for: nil) && !ObjectCondition.isAbsent.holds(for: object))
    #expect(ObjectCondition.sequence(among: [1, 50]).holds(for: object))
    #expect(!ObjectCondition.sequence(among: [1]).holds(for: object))
    #expect(!ObjectCondition.sequence(among: [0]).holds(for: nil))
  }
}
