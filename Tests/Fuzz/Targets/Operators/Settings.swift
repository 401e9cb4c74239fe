import Wire

@testable import Deployments

/// The values of a deployment's settings: what is wrong with one is said in words, and what is taken is taken again.
enum Settings {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    let text = input.text
    for setting in DeploymentSetting.allCases {
      guard let problem = setting.problem(with: text) else { continue }
      try Words.check(problem, about: input)
      try promise(problem.contains(setting.rawValue), "a problem names its setting: \(problem)")
    }
    if let origin = DeploymentSetting.origin(of: text) {
      try promise(DeploymentSetting.origin(of: origin), is: origin, "an origin is one: \(text)")
      try promise(DeploymentSetting.isOrigin(origin), "an origin that is offered is taken: \(origin)")
    }
    if let burst = RateLimit.burst(text) {
      try promise((1...RateLimit.mostAtOnce).contains(burst), "a burst has bounds")
    }
    if let rate = RateLimit.rate(text) {
      try promise((0...RateLimit.mostPerSecond).contains(rate), "a rate has bounds")
    }
  }
}
