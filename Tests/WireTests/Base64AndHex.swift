import Crypto
import Testing
import Wire

@Suite("Base64 and hex")
struct Base64AndHex {
  @Test(
    "base64 is written and read",
    arguments: [
      ("", "", ""), ("f", "Zg==", "Zg"), ("fo", "Zm8=", "Zm8"), ("foo", "Zm9v", "Zm9v"),
      ("foobar", "Zm9vYmFy", "Zm9vYmFy"), ("ü?>", "w7w/Pg==", "w7w_Pg"), ("\0", "AA==", "AA"),
    ])
  func base64(text: String, standard: String, url: String) {
    let bytes = Array(text.utf8)
    #expect(Base64.encode(bytes) == standard)
    #expect(Base64.encodeURL(bytes) == url)
    #expect(Base64.decode(standard) == bytes)
    #expect(Base64.decodeURL(url) == bytes)
  }

  @Test(
    "base64 is refused unless it is standard, padded and without breaks",
    arguments: [
      "Zg", "Zg=", "Zg===", "Z", "Zg==Zg==", "Zm9v\n", "Zm\n9v", " Zm9v", "Zm9v ", "Zm9-", "Zm9_", "Zh==",
      "Zm9=",
      "=", "====", "Zm9vé", "Zm9v\0", "A===", "Zm9v=",
    ])
  func refusedBase64(text: String) {
    #expect(Base64.decode(text) == nil)
  }

  @Test("base64 for URLs is refused with padding", arguments: ["Zg==", "w7w/", "Zh", "Z", "Zm9v\n"])
  func refusedURLBase64(text: String) {
    #expect(Base64.decodeURL(text) == nil)
  }

  @Test("base64 is refused with any byte beyond ASCII, which libsodium takes for a digit")
  func beyondASCII() {
    for byte in UInt8(0x80)...0xff {
      for text in [[byte, byte, byte, byte], Array("Zm9".utf8) + [byte], Array("Zm9v".utf8) + [byte]] {
        #expect(text.withUnsafeBytes { Base64.decode(utf8: $0) } == nil)
      }
    }
    #expect(Base64.decodeURL("ééfg") == nil)
  }

  @Test("every length of bytes comes back")
  func lengths() {
    for count in 0..<200 {
      let bytes = Secret.random(bytes: count)
      #expect(Base64.decode(Base64.encode(bytes)) == bytes)
      #expect(Base64.decodeURL(Base64.encodeURL(bytes)) == bytes)
      #expect(Hex.decode(Hex.encode(bytes)) == bytes)
    }
  }

  @Test("hex is refused in upper case, with odd length, and for anything else")
  func refusedHex() {
    #expect(Hex.decode("00ff7a") == [0, 255, 0x7a])
    for text in ["0", "0G", "FF", "fF", "0x", " 0", "é", "00 "] { #expect(Hex.decode(text) == nil) }
  }
}
