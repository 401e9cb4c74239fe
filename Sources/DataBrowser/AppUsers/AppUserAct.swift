import Storage
import Web

/// What forms about app users ask for.
enum AppUserAct: String, CaseIterable, Sendable {
  case lock, unlock, enrol
  /// Of one session.
  case reauthenticate, wipe
  /// Of several users.
  case cards

  static let name = "act"
  static let user = "user"
  static let session = "session"
  static let display = "display"

  var label: String {
    switch self {
    case .lock: "Lock the user"
    case .unlock: "Unlock the user"
    case .enrol: "Make an enrolment link"
    case .reauthenticate: "Sign this device out"
    case .wipe: "Wipe this device"
    case .cards: "Make cards"
    }
  }

  /// What it does, said before it is done.
  var effect: String {
    switch self {
    case .lock:
      "Every device of the user is signed out at once, and nothing of theirs is written from then on. Devices keep "
        + "their data. Nobody can enrol for the user until it is unlocked."
    case .unlock:
      "Devices can enrol again. Those that were signed out stay so until each signs in with a fresh link."
    case .enrol:
      "Whoever has the link signs a device in as this user, once. It is shown for ten minutes, to this session alone."
    case .reauthenticate:
      "The device is signed out and keeps its data. It goes on when it signs in with a fresh link."
    case .wipe:
      "The device erases its data when it connects next. What it has not sent by then is lost, and this cannot be "
        + "taken back once it has connected."
    case .cards:
      "A card for each user has a link that signs a device in, once."
    }
  }
}
