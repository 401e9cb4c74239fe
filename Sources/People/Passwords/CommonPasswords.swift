/// Passwords of 12 and more characters that lists of stolen ones have most often, and what such passwords are made of.
enum CommonPasswords {
  /// Folded, letters and digits alone.
  static let all: Set<String> = [
    "1q2w3e4r5t6y", "1q2w3e4r5t6y7u8i", "1qaz2wsx3edc", "1qaz2wsx3edc4rfv", "zaq12wsxcde3", "qazwsxedcrfv",
    "q1w2e3r4t5y6",
    "qwer1234asdf", "qwertyuiop12", "a1b2c3d4e5f6", "abcd1234efgh", "asdfghjkl123", "123qweasdzxc", "qweasdzxc123",
    "password1234", "passwordpassword", "letmeinletmein", "iloveyou1234", "iloveyouforever", "iloveyousomuch",
    "changemenow1", "changemeplease", "trustnoone12", "correcthorsebatterystaple", "thisismypassword", "mypassword123",
    "mynewpassword", "newpassword1", "adminpassword", "administrator", "administrator1", "rootpassword",
    "secretpassword",
    "defaultpassword", "temppassword1", "testpassword", "testtesttest", "masterpassword", "superpassword",
    "opensesame123",
    "welcomehome1", "princess1234", "sunshine1234", "football1234", "baseball1234", "basketball12", "liverpoolfc1",
    "manchester12", "michaeljordan", "chocolate123", "jesuschrist1", "godisgood123", "blink182blink", "playstation3",
    "harrypotter1", "spongebob123", "pokemon12345", "starwars1234", "dragonball123", "computer1234", "internet1234",
    "samsung12345", "google123456", "facebook1234", "whatever1234", "qwerty123456", "qwertyqwerty", "abcdef123456",
    "abc123abc123", "test12345678", "admin1234567", "987654321qwe", "asd123asd123", "zxcvbnm12345", "aaaaaabbbbbb",
    "letmein12345", "monkey123456", "dragon123456", "shadow123456", "master123456", "hello1234567", "charlie12345",
    "summer2023summer", "winter2023winter", "welcome12345", "passw0rd1234", "p4ssw0rd1234", "databrowser1",
    "backendapi12",
  ]

  /// Words that make such passwords, alone or several together, with digits around them.
  private static let words: Set<String> = [
    "password", "passwort", "motdepasse", "contrasena", "passwd", "passphrase", "letmein", "welcome", "willkommen",
    "iloveyou", "qwerty", "qwertz", "azerty", "admin", "administrator", "root", "operator", "secret", "changeme",
    "default",
    "master", "login", "test", "testing", "demo", "guest", "user", "superuser", "monkey", "dragon", "shadow",
    "sunshine",
    "princess", "football", "baseball", "basketball", "superman", "batman", "starwars", "pokemon", "trustno",
    "whatever",
    "computer", "internet", "server", "database", "databrowser", "sojourn", "backend", "manager", "service",
    "temporary",
    "temp", "hello", "my", "the", "is", "this", "new", "now", "please", "me", "i", "love", "you", "a", "one", "spring",
    "summer", "autumn", "winter", "monday", "friday", "january", "october", "november", "december",
  ]
  private static let longestWord = words.map(\.count).max() ?? 0

  /// Rows of keys, each forwards and backwards.
  static let rows: [String] =
    [
      "abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop",
      "yxcvbnm",
      "azertyuiop", "qsdfghjklm", "wxcvbn",
    ].flatMap { [$0, String($0.reversed())] }

  /// Whether the text is nothing but such words, one after the other, of which one at least is long.
  static func isMadeOfWords(_ text: String) -> Bool {
    let characters = Array(text)
    guard !characters.isEmpty, characters.count <= 256 else { return false }
    // Where a word can end that begins where another ended; true where one of four characters or more was among them.
    var reached: [Bool?] = [false] + [Bool?](repeating: nil, count: characters.count)
    for end in 1...characters.count {
      for start in max(0, end - longestWord)..<end {
        guard let isLong = reached[start], words.contains(String(characters[start..<end])) else { continue }
        reached[end] = reached[end] ?? false || isLong || end - start >= 4
      }
    }
    return reached[characters.count] == true
  }
}
