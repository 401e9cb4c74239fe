import PageReading
import Storage
import Testing
import Web
import Wire

@testable import DataBrowser

/// App users as they are told, and their pages in their states.
@Suite("App users as they are told")
struct AppUserTests {
  private static let now = Instant(secondsSince1970: 1_767_225_600) ?? .first

  static func session(
    _ state: SessionState, text: String = "1.0", number: UInt8 = 1, connected: Instant? = nil
  ) -> UserSession {
    UserSession(
      id: ObjectID("0195a3b2-0000-7000-8000-0000000000\(number < 10 ? "0" : "")\(number)") ?? RouteTests.id,
      state: state,
      times: UserSession.Times(createdAt: now, lastConnectedAt: connected),
      about: DeviceDescription(
        deviceID: text, container: #"{"version":"1.0","platform":"IOS","bundle_id":7}"#, runtime: "not JSON",
        label: text),
      syncStatus: #"{"last_full_sync":"2026-01-01T00:00:00Z"}"#)
  }

  static func user(_ sessions: [UserSession], isLocked: Bool = false) -> UserRecord {
    UserRecord(id: RouteTests.id, isLocked: isLocked, sessions: sessions)
  }

  @Test func aUserMayBeSeveralThingsAndAlwaysIsOne() {
    let (on, out, reset, never) = (
      Self.session(.enrolled), Self.session(.locked), Self.session(.reset), Self.session(.neverEnrolled)
    )
    for (sessions, isLocked, states) in [
      ([], false, [AppUserState.never]), ([], true, [.locked, .never]), ([never], false, [.never]),
      ([on], false, [.enrolled]), ([out], false, [.out]), ([out], true, [.locked]),
      ([on, reset], false, [.wiped, .enrolled]),
      ([reset], true, [.locked, .wiped]), ([out, never], false, [.out]),
    ] {
      #expect(AppUserState.all(of: Self.user(sessions, isLocked: isLocked)) == states)
    }
  }

  @Test func whatADeviceSaysIsReadAsFarAsItIsSaid() {
    let facts = DeviceFacts(Self.session(.enrolled, text: "Phone"))
    #expect(facts.version == "1.0" && facts.platform == "IOS" && facts.bundle == nil && facts.runtime == nil)
    #expect(facts.label == "Phone" && facts.lastFullSync == "2026-01-01T00:00:00Z")
    #expect(facts.words == "Phone, IOS, 1.0")
  }

  @Test func linksAreKeptAndReadAsTheSame() {
    let all = [
      Enrolment(user: RouteTests.id, url: "https://here/enroll/d#a-_b", expiresAt: Self.now),
      Enrolment(user: RouteTests.id, url: "u", expiresAt: .last),
    ]
    #expect(Enrolment.read(Enrolment.written(all)) == all)
    #expect(Enrolment.read("x\n\(RouteTests.id) 99999999999999999999 u\n\(RouteTests.id) 1") == [])
  }

  private static func place(_ text: String) -> AppUsersPage.Place {
    AppUsersPage.Place(
      card: DeploymentCard(id: RouteTests.deployment, label: text, environment: "testing"), modelName: text,
      refusesDevices: true)
  }

  private static func users(_ text: String) -> [UserRecord] {
    [
      user([]), user([session(.enrolled, text: text, connected: now), session(.reset, text: text, number: 2)]),
      user([session(.locked, text: text), session(.neverEnrolled, text: "", number: 3)], isLocked: true),
    ]
  }

  @Test(arguments: PageTests.hostile.indices)
  func theListHoldsWhatItIsGiven(_ index: Int) throws {
    let text = PageTests.hostile[index]
    let entries = Self.users(text).map { AppUsersPage.Entry(record: $0, display: text) }
    for shown in [[], Array(entries.prefix(1)), entries] {
      for hasModel in [true, false] {
        var place = Self.place(text)
        place.hasModel = hasModel
        let page = AppUsersPage(
          place: place, total: 5, entries: shown, view: ListFilter([.platform: text]),
          form: try AppUserQuestion(shown.isEmpty ? .all : ListFilter([.state: text, .version: text])).form,
          previous: .all, next: .all, isStopped: shown.isEmpty, fault: shown.isEmpty ? text : nil, ticket: text)
        #expect(try PageTests.read(page, in: PageTests.frame(text)).faults == [])
      }
    }
  }

  @Test(arguments: PageTests.hostile.indices)
  func oneHoldsWhatItIsGiven(_ index: Int) throws {
    let text = PageTests.hostile[index]
    for (number, record) in Self.users(text).enumerated() {
      let enrolment = Enrolment(user: record.id, url: text, expiresAt: Self.now)
      let page = AppUserPage(
        place: Self.place(text), record: record, display: [text, "", nil][number],
        enrolment: number == 0 ? enrolment : nil, allowsMany: false, ticket: { text })
      #expect(try PageTests.read(page, in: PageTests.frame(text)).faults == [], "\(number)")
    }
    let wipe = WipePage(
      place: Self.place(text), user: RouteTests.id, session: Self.session(.enrolled, text: text), name: text,
      typed: text,
      fault: text, ticket: text)
    #expect(try PageTests.read(wipe, in: PageTests.frame(text)).faults == [])
  }

  @Test(arguments: PageTests.hostile.indices)
  func cardsHoldWhatTheyAreGiven(_ index: Int) throws {
    let text = PageTests.hostile[index]
    let entries = ["https://here/enroll/d#token", text].map {
      CardsPage.Entry(
        enrolment: Enrolment(user: RouteTests.id, url: $0, expiresAt: Self.now), display: text)
    }
    for shown in [[], entries] {
      let page = CardsPage(card: Self.place(text).card, entries: shown)
      #expect(try PageTests.read(page, in: PageTests.frame(text)).faults == [])
    }
  }
}
