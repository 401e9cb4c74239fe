import Deployments
import HTTPServer
import People
import Storage
import Web
import Wire

// The settings of a deployment.

extension DeploymentCall {
  func settings(_ view: SettingsView, _ form: PostForm?) async throws -> Response {
    if let form { return try await set(form) }
    let cards = try await cards(of: DeploymentSetting.allCases)
    if case .change(let setting) = view, let card = cards.first(where: { $0.setting == setting }) {
      return try await settingPage(card, SettingForm.set(card))
    }
    var (_, frame) = try await reading { _ in }
    if case .done(let setting) = view, let card = cards.first(where: { $0.setting == setting }), card.note != nil {
      frame.notice = Self.notice(of: card)
    }
    return answer(SettingsPage(card: DeploymentCard(deployment), settings: cards), in: frame)
  }

  private static func notice(of card: SettingCard) -> String {
    guard let value = card.value else { return "\(card.name) has its default now." }
    return value.isEmpty ? "\(card.name) is empty now." : "\(card.name) is “\(CutText.cut(value))” now."
  }

  private func settingPage(
    _ card: SettingCard, _ form: Form, conflict: SettingPage.Conflict? = nil, status: Int = 200
  ) async throws -> Response {
    let page = SettingPage(
      card: DeploymentCard(deployment), setting: card, form: form, conflict: conflict,
      ticket: visit.ticket(.settings(id)))
    return answer(page, in: try await reading { _ in }.frame, status: status)
  }

  // MARK: Setting.

  private func set(_ sent: PostForm) async throws -> Response {
    guard let setting = DeploymentSetting(rawValue: sent[SettingForm.setting]) else { throw PageFault.unreadableForm }
    let card = try await cards(of: [setting])[0]
    let wanted = SettingForm.wanted(sent)
    // Somebody has clicked twice, or wants what is there.
    if card.value == wanted { return DataBrowserHandler.seeOther(.settings(id, .done(setting))) }
    if let problem = wanted.flatMap({ setting.problem(with: $0) }) { return try await refused(sent, card, problem) }
    if card.value != SettingForm.opened(sent) { return try await conflict(sent, card) }
    do {
      let outcome = try await registry.set(
        [(setting.rawValue, wanted)], of: id, if: [(setting.rawValue, card.value)], by: visitor.person.id.origin,
        audit: [entry(.settings, setting.told(wanted), "done")])
      guard case .done(let entries) = outcome else {
        return try await conflict(sent, try await cards(of: [setting])[0])
      }
      people.tell(entries)
      return DataBrowserHandler.seeOther(.settings(id, .done(setting)))
    } catch let fault as DeploymentFault {
      return try await refused(sent, card, fault.sentence)
    }
  }

  private func refused(_ sent: PostForm, _ card: SettingCard, _ problem: String) async throws -> Response {
    var form = SettingForm.sent(sent, card)
    form.refuse(SettingForm.value, problem)
    return try await settingPage(card, form, status: 422)
  }

  private func conflict(_ sent: PostForm, _ card: SettingCard) async throws -> Response {
    let conflict = SettingPage.Conflict(opened: SettingForm.opened(sent))
    return try await settingPage(card, SettingForm.sent(sent, card), conflict: conflict, status: 409)
  }

  // MARK: What is set.

  private func cards(of settings: [DeploymentSetting]) async throws -> [SettingCard] {
    let record = deployment.record
    let makers = record.settingNotes.values.compactMap { Origin($0.by)?.person }
    let names = try await people.names(of: Set(makers))
    return settings.map { setting in
      SettingCard(
        setting: setting, value: record.settings[setting.rawValue],
        note: record.settingNotes[setting.rawValue].map { note in
          (note.at, Origin(note.by)?.person.flatMap { names[$0] } ?? Self.words(note.by))
        })
    }
  }

  private static func words(_ maker: String) -> String {
    maker == SettingNote.command ? "a command on the server" : maker
  }
}
