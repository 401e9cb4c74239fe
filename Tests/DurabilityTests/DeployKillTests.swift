import Foundation
import Glibc
import JSON
import ServerUnderTest
import Testing
import Wire

/// `kill -9` while deploys over many models and writes run.
@Suite(.serialized) struct DeployKillTests {
  /// The model that clients write to, and `models` others with `fields` fields each.
  private static func schema(models: Int, fields: Int) -> String {
    let list = (0..<fields).map { "<field name=\"f\($0)\" label=\"F\" type=\"text\"/>" }.joined()
    let wide = (0..<models).map {
      "<model name=\"wide\($0)\" label=\"W\">\(list)<display>W</display></model>"
    }
    return Server.schema.replacing("</data-model>", with: wide.joined() + "</data-model>")
  }

  @Test func aDeployIsThereAsAWholeOrNotAtAllWheneverTheServerDies() throws {
    let environment = ProcessInfo.processInfo.environment
    let rounds = environment["SOJOURN_DEPLOY_KILLS"].flatMap { Int($0) } ?? 20
    let seed = UInt64(environment["SOJOURN_SEED"].flatMap { Int($0) } ?? 1)
    var random = SplitMix(seed: seed)
    let folder = try TemporaryDirectory()
    var (models, fields) = (120, 2)
    let server = try Server(
      data: folder.path + "/d", log: folder.path + "/log", schema: Self.schema(models: models, fields: fields))
    var authors = (1...3).map { Author($0, seed: seed) }
    var done = 0
    // What the next kill aims at: the length of a deploy that was left alone.
    var length = 0.0
    for round in 0...rounds {
      try server.start()
      let load = try Load(authors, on: server)
      let (moreModels, moreFields) = round.isMultiple(of: 3) ? (models + 40, fields + 1) : (models, fields + 1)
      let path = folder.path + "/next.xml"
      try Self.schema(models: moreModels, fields: moreFields).write(toFile: path, atomically: true, encoding: .utf8)
      let began = Date()
      let deploy = try ChildProcess(
        [
          ChildProcess.binary, "data-model", "deploy", path, "--data-dir", server.data, "--deployment",
          server.deployment,
        ], output: folder.path + "/deploy")
      if round == 0 {
        #expect(deploy.end(withinSeconds: 60) == 0)
        length = Date().timeIntervalSince(began)
      } else {
        usleep(UInt32(Double.random(in: length * 0.3...(length * 1.4), using: &random) * 1e6))
      }
      server.kill()
      let end = load.end(stop: false)
      authors = end.authors
      #expect(end.problems == [], "round \(round)")
      let code = round == 0 ? 0 : deploy.end(withinSeconds: 60)

      let file = try OplogFile(server.databasePath)
      #expect(try file.integrity() == "ok", "round \(round)")
      try server.start()
      let document = try server.connection().request(
        "GET", server.path("datamodel.xml"), authorization: server.authorization
      ).text
      let isDone = document == Self.schema(models: moreModels, fields: moreFields)
      #expect(isDone || document == Self.schema(models: models, fields: fields), "round \(round)")
      if code == 0 { #expect(isDone, "a deploy that was acknowledged is gone, round \(round)") }
      if isDone {
        (models, fields) = (moreModels, moreFields)
        done += 1
      }
      // Every table has just the columns that its model says.
      for number in [0, models / 2, models - 1] {
        let last = "f\(fields - 1)"
        let answer = try server.connection().request(
          "POST", server.path("objects/wide\(number).json"), authorization: server.authorization,
          body: "{\"wide\(number)\":{\"\(last)\":\"a\"}}")
        #expect(try answer.json(expecting: 200)[last]?.string == "a", "round \(round)")
      }
      let objects = try server.objects()
      var findings: [String] = []
      for index in authors.indices { findings += authors[index].findings(in: objects) }
      #expect(findings == [], "round \(round)")
      server.kill()
    }
    #expect(try OplogFile(server.databasePath).integrity() == "ok")
    // Some of each, or the moments were chosen badly.
    #expect(done > 1 && done <= rounds)
    print(
      "Kills during deploys: \(rounds), of which \(done - 1) came after the commit. \(models) models, \(fields) fields."
    )
  }
}
