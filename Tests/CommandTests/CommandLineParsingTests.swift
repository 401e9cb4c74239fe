import CommandLineTable
import Testing

@Suite("A command line")
struct CommandLineParsingTests {
  @Test("the sample table has no slips") func sound() { #expect(sample.slips == []) }

  @Test("finds a command within a group, with options before, between and behind the arguments")
  func nested() throws {
    let create = try command("deployment create --name flights --data-dir=/d")
    #expect(create.path == ["deployment", "create"])
    #expect(create.text("name") == "flights")
    #expect(create.text("data-dir") == "/d")
    #expect(create.text("environment") == "testing")
    let token = try command("token ci --expires 30d a=1 --label x b=2 --label=y")
    #expect(token.arguments == ["ci", "a=1", "b=2"])
    #expect(token.seconds("expires") == 30 * 86_400)
    #expect(token.texts("label") == ["x", "y"])
  }

  @Test("takes everything behind -- and a single - as arguments")
  func ended() throws {
    #expect(try command("token -- --expires -x").arguments == ["--expires", "-x"])
    #expect(try command("check -").arguments == ["-"])
  }

  @Test("takes a value that begins with dashes behind =")
  func dashes() throws {
    #expect(try command("token ci --label=--x").texts("label") == ["--x"])
    #expect(try command("token ci --label -x").texts("label") == ["-x"])
  }

  @Test("sets flags, also to false")
  func flags() throws {
    #expect(try command("serve --data-dir d --quiet").flag("quiet"))
    #expect(
      try !command("serve --data-dir d --quiet=false", environment: ["SOJOURN_QUIET": "1"]).flag("quiet"))
    #expect(try command("serve --data-dir d", environment: ["SOJOURN_QUIET": "yes"]).flag("quiet"))
    #expect(try !command("serve --data-dir d").flag("quiet"))
  }

  @Test("prefers the command line to the environment, that to the file, that to the default")
  func precedence() throws {
    let file = ["f": "threads = 3\nlisten = http://127.0.0.1:1\nlisten = http://[::1]:2\ndata-dir = /file"]
    let lowest = try command("serve --data-dir d")
    #expect(lowest.bytes("body-limit") == 50_000_000)
    #expect(lowest.source(of: "body-limit") == .defaultValue)
    let fromFile = try command("serve --config f", files: file)
    #expect(fromFile.integer("threads") == 3)
    #expect(fromFile.text("data-dir") == "/file")
    #expect(
      fromFile.listenAddresses("listen").map(\.description) == ["http://127.0.0.1:1", "http://[::1]:2"])
    #expect(fromFile.source(of: "listen") == .file(line: 3))
    let environment = ["SOJOURN_LISTEN": "http://127.0.0.1:3, https://0.0.0.0:4", "SOJOURN_CONFIG": "f"]
    let fromEnvironment = try command("serve", environment: environment, files: file)
    #expect(
      fromEnvironment.listenAddresses("listen").map(\.description) == [
        "http://127.0.0.1:3", "https://0.0.0.0:4",
      ])
    #expect(fromEnvironment.source(of: "listen") == .environment("SOJOURN_LISTEN"))
    let given = try command("serve --listen http://127.0.0.1:5", environment: environment, files: file)
    #expect(given.listenAddresses("listen").map(\.port) == [5])
    #expect(given.source(of: "listen") == .commandLine)
  }

  @Test("tells people what holds of each option and where it was set, but for secrets")
  func told() throws {
    func told(_ line: String, _ environment: [String: String] = [:]) throws -> [String: ToldOption] {
      let options = try command(line, environment: environment).told
      return Dictionary(options.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }
    let serve = try told(
      "serve --data-dir d --listen http://127.0.0.1:1 --listen http://[::1]:2", ["SOJOURN_QUIET": "1"])
    #expect(serve["data-dir"]?.value == "d" && serve["data-dir"]?.source == .commandLine)
    #expect(serve["listen"]?.value == "http://127.0.0.1:1, http://[::1]:2")
    #expect(serve["body-limit"]?.value == "50 MB" && serve["body-limit"]?.source == .defaultValue)
    #expect(serve["quiet"]?.value == "on" && serve["quiet"]?.source == .environment("SOJOURN_QUIET"))
    #expect(serve["threads"]?.places.contains("'threads = …' in the configuration file") == true)
    for (size, text) in [
      ("0", "0 bytes"), ("1000", "1000 bytes"), ("2 MiB", "2 MiB"), ("5GiB", "5 GiB"), ("3 MB", "3 MB"),
    ] {
      #expect(try told("serve --data-dir=d --body-limit=\(size.filter { $0 != " " })")["body-limit"]?.value == text)
    }
    for (time, text) in [("90", "90s"), ("120", "2m"), ("48h", "2d"), ("25h", "25h")] {
      #expect(try told("token a --expires \(time)")["expires"]?.value == text)
    }
    let token = try told("token a", ["SOJOURN_PASSWORD": "swordfish"])
    #expect(token["password"]?.value == "set, not shown" && token["label"]?.value == nil)
    #expect(token["expires"].map { $0.value == nil && $0.source == nil } == true)
  }

  @Test("counts an empty variable as not set")
  func emptyVariable() throws {
    #expect(
      try command("serve --data-dir d", environment: ["SOJOURN_BODY_LIMIT": ""]).bytes("body-limit") != nil)
  }

  @Test(
    "shows help and version wherever they are asked for",
    arguments: [
      ("", "help()"), ("--help", "help()"), ("help", "help()"), ("-h", "help()"),
      ("help deployment create", "help(deployment create)"),
      ("deployment create --help --nonsense", "help(deployment create)"),
      ("deployment --help", "help(deployment)"), ("check FILE -h", "help(check)"),
      ("--version", "version"), ("version", "version"),
    ])
  func help(line: String, expected: String) throws {
    switch try parse(line) {
    case .help(let path): #expect("help(\(path.joined(separator: " ")))" == expected)
    case .version: #expect(expected == "version")
    case .run(let command): Issue.record("ran \(command.path)")
    }
  }

  @Test(
    "says what is wrong and what was probably meant",
    arguments: [
      ("serv --data-dir d", "sojourn: unknown command 'serv' (did you mean 'serve'?)"),
      ("deploy list", "sojourn: unknown command 'deploy' (did you mean 'deployment'?)"),
      ("deployment lst", "sojourn deployment: unknown command 'lst' (did you mean 'list'?)"),
      ("deployment", "sojourn deployment: a command is missing: create, list"),
      ("help xyzzy", "sojourn: unknown command 'xyzzy'"),
      ("serve --data-dri d", "sojourn serve: unknown option '--data-dri' (did you mean '--data-dir'?)"),
      ("serve --xyzzy d", "sojourn serve: unknown option '--xyzzy'"),
      ("serve -q", "sojourn serve: unknown option '-q'"),
      ("serve --data-dir", "sojourn serve: --data-dir DIR: the value is missing"),
      ("serve --data-dir --quiet", "sojourn serve: --data-dir DIR: the value is missing"),
      ("serve --data-dir=", "sojourn serve: --data-dir: the value is empty"),
      ("serve --data-dir a --data-dir b", "sojourn serve: --data-dir is given twice"),
      ("serve --data-dir a --threads 65", "sojourn serve: --threads: '65' is not 1 to 64"),
      ("serve --data-dir a --threads x", "sojourn serve: --threads: 'x' is not an integer"),
      ("serve --data-dir a --quiet=maybe", "sojourn serve: --quiet: 'maybe' is not true or false"),
      ("serve", "sojourn serve: --data-dir DIR is missing"),
      (
        "deployment create --data-dir d --name n --environment prod",
        "sojourn deployment create: --environment: 'prod' is not one of testing, staging, production"
      ),
      ("token", "sojourn token: NAME is missing"),
      ("check a b", "sojourn check: 'b' is one argument too many"),
      ("serve --config nowhere", "sojourn serve: nowhere: No such file or directory"),
    ])
  func errors(line: String, expected: String) {
    #expect {
      try parse(line)
    } throws: { error in
      guard let error = error as? UsageError else { return false }
      #expect("\(error.command.joined(separator: " ")): \(error.message)" == expected)
      return true
    }
  }

  @Test("names each place where a missing setting can be given")
  func missing() {
    #expect {
      try parse("serve")
    } throws: { error in
      "\(error)" == """
        sojourn serve: --data-dir DIR is missing.
        Give --data-dir DIR, the environment variable SOJOURN_DATA_DIR or \
        'data-dir = …' in the configuration file.
        See 'sojourn serve --help'.
        """
    }
  }

  @Test("takes an option in place of one that is required, and not both")
  func alternatives() throws {
    let place = CommandOption("place", .text, placeholder: "P", required: true, unless: "url", help: "A place.")
    let url = CommandOption("url", .text, placeholder: "U", environment: "SOJOURN_URL", help: "An address.")
    let table = CommandTable(
      name: "sojourn", summary: "S.", version: "1", commands: [Command("go", summary: "G.", options: [place, url])])
    func outcome(_ words: [String], _ environment: [String: String] = [:]) -> String {
      do {
        _ = try table.parse(words, environment: environment)
        return "run"
      } catch {
        return "\(error)"
      }
    }
    #expect(outcome(["go", "--place", "a"]) == "run")
    #expect(outcome(["go"], ["SOJOURN_URL": "u"]) == "run")
    #expect(outcome(["go"]).contains("--place P or --url U is missing"))
    #expect(
      outcome(["go", "--place", "a"], ["SOJOURN_URL": "u"]).contains(
        "--place P and --url U are given, of which only one can be"))
    #expect(table.slips == [])
  }

  @Test("takes no secret on the command line")
  func secret() throws {
    #expect {
      try parse("token ci --password x")
    } throws: { "\($0)".contains("could read it.\nGive SOJOURN_PASSWORD.") }
    #expect(try command("token ci", environment: ["SOJOURN_PASSWORD": "a b,c"]).text("password") == "a b,c")
  }

  @Test("names the variable whose value is wrong")
  func wrongVariable() {
    #expect {
      try parse("serve --data-dir d", environment: ["SOJOURN_BODY_LIMIT": "many"])
    } throws: { "\($0)".contains("variable SOJOURN_BODY_LIMIT: 'many' is not a size") }
  }
}
