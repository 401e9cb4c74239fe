import CommandLineTable
import Testing

@Suite("A configuration file")
struct ConfigurationFileTests {
  @Test("has keys, values, comments, quotes and line ends of either kind")
  func form() throws {
    let text = "# settings\r\n\n threads=4 # two a core\r\ndata-dir\t= /data#1 \nquiet = \"a # b \" # c\n"
    let entries = try ConfigurationFile(path: "f", text: text).entries
    #expect(entries.map(\.key) == ["threads", "data-dir", "quiet"])
    #expect(entries.map(\.value) == ["4", "/data#1", "a # b "])
    #expect(entries.map(\.line) == [3, 4, 5])
  }

  @Test(
    "is refused with the line and the nearest known name",
    arguments: [
      ("thread = 4", "f:1: unknown setting 'thread' (did you mean 'threads'?)"),
      ("\n\nxyzzy = 4", "f:3: unknown setting 'xyzzy'"),
      ("threads 4", "f:1: 'threads 4' is not 'key = value'"),
      ("= 4", "f:1: no key before '='"),
      ("threads = 4\nthreads = 5", "f:2: 'threads' already stands on line 1"),
      ("threads = four", "f:1: threads: 'four' is not an integer"),
      ("threads =", "f:1: threads: '' is not an integer"),
      ("threads = \"4", "f:1: the quote is not closed"),
      ("threads = \"4\" 5", "f:1: '5' stands after the closing quote"),
      ("listen = 127.0.0.1", "f:1: listen: '127.0.0.1' does not begin with https:// or http://"),
    ])
  func refused(text: String, expected: String) {
    // Also by a command that does not take the setting.
    #expect {
      try parse("deployment list --data-dir d --config f", files: ["f": text])
    } throws: { (($0 as? UsageError)?.message ?? "").hasPrefix(expected) }
  }
}
