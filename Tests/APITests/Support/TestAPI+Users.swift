import Crypto
import HTTPServer
import JSON
import Wire

extension TestAPI {
  /// A data model with app users, and something that their devices read and write.
  static let crewSchema = """
    <data-model>
      <model name="user" label="Crew"><field name="name" label="Name" type="text"/><display>{name}</display></model>
      <model name="flight" label="Flight"><field name="number" label="Number" type="integer"/>
        <display>{number}</display></model>
    </data-model>
    """

  /// Makes users with these numbers, in this order.
  func makeUsers(_ numbers: [Int]) async {
    for number in numbers {
      _ = await send(.post, "objects/user", "{\"user\": {\"id\": \"\(Self.user(number))\", \"name\": \"C\(number)\"}}")
    }
  }

  static func user(_ number: Int) -> String { ObjectID(high: 0x1111_2222_3333_4444, low: UInt64(number)).description }

  func token(for user: Int) async -> String {
    await send(.post, "users/\(Self.user(user))/authentication-token").json?["token"]?.string ?? ""
  }

  func enrol(_ token: String, device: String? = "d1", more: String = "") async -> Answer {
    let device = device.map { ", \"device\": {\"id\": \"\($0)\"}" } ?? ""
    return await send(.post, "enroll", "{\"token\": \"\(token)\"\(device)\(more)}", authorization: .some(nil))
  }

  /// Signs a device of the user in.
  func device(of user: Int, _ device: String = "d1") async -> TestDevice {
    let answer = await enrol(await token(for: user), device: device)
    return TestDevice(
      api: self, id: answer.json?["enrollment_id"]?.string ?? "", secret: answer.json?["auth_token"]?.string ?? "")
  }
}

/// A device that was signed in.
struct TestDevice {
  let api: TestAPI
  let id: String
  let secret: String

  var authorization: String { "Basic " + Base64.encode(Array("\(id):\(secret)".utf8)) }

  func send(_ method: Method, _ path: String, _ body: String = "") async -> TestAPI.Answer {
    await api.send(
      method, path, body, headers: ["Journey-Authentication-Type": "Device"], authorization: authorization)
  }
}
