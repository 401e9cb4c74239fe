import Crypto
import Glibc
import ServerUnderTest
import Testing
import Wire

@testable import Attachments

/// Pictures through the real program and library.
@Suite("Smaller pictures", .enabled(if: PictureLibrary.isInstalled, "libvips is not installed (Debian: libvips42)"))
struct PictureTests {
  private func made(_ bytes: [UInt8], _ variant: AttachmentVariant) async throws -> (type: String, bytes: [UInt8])? {
    let scene = try BlobScene()
    let variants = try scene.variants(SojournBinary.path)
    defer { variants.close() }
    let key = try await scene.keep(bytes)
    switch await variants.file(of: key, variant, in: scene.store) {
    case .file(let file, let size, let type): return (type, try BlobScene.bytes(of: file, size: size))
    case .refused: return nil
    case let other:
      Issue.record("\(other)")
      return nil
    }
  }

  @Test(
    "fit their square, keep their shape, and are not made larger",
    arguments: [
      (400, 300, false, AttachmentVariant.thumbnail, [200, 150], "image/jpeg"),
      (300, 600, true, .thumbnail, [100, 200], "image/png"),
      (30, 20, false, .thumbnail, [30, 20], "image/jpeg"),
      (2000, 500, false, .fullscreen, [1600, 400], "image/jpeg"),
    ])
  func sizes(
    width: Int, height: Int, hasAlpha: Bool, variant: AttachmentVariant, expected: [Int], type: String
  ) async throws {
    let picture = PNGFile(width: width, height: height, hasAlpha: hasAlpha).bytes
    let smaller = try #require(try await made(picture, variant))
    #expect(PNGFile.size(of: smaller.bytes) == expected)
    #expect(smaller.type == type)
  }

  @Test("stand upright and say nothing of where they were taken")
  func upright() async throws {
    let original = try #require(Base64.decode(PNGFile.turnedJPEG))
    #expect(PNGFile.size(of: original) == [16, 8])
    let smaller = try #require(try await made(original, .thumbnail))
    #expect(PNGFile.size(of: smaller.bytes) == [8, 16])
    let text = String(decoding: smaller.bytes, as: UTF8.self)
    #expect(!text.contains("Exif") && !text.contains("taken at home"))
  }

  /// A picture's profile, its pixels, and those of the smaller one.
  private static let colours: [(what: String, profile: [UInt8]?, pixel: [UInt8], smaller: [UInt8])] = [
    ("AdobeRGB", ColourProfile.adobeRGB.bytes, [200, 60, 40], [231, 57, 34]),
    ("Display P3", ColourProfile.displayP3.bytes, [200, 60, 40], [219, 37, 13]),
    ("Display P3, grey", ColourProfile.displayP3.bytes, [128, 128, 128], [129, 129, 129]),
    ("a grey with a profile", ColourProfile.grey.bytes, [128], [129]),
    // Untouched: without a profile it is sRGB already, and a profile that says nothing is none.
    ("none", nil, [200, 60, 40], [200, 60, 40]), ("none, grey", nil, [128], [128]),
    ("no profile at all", Array("no profile".utf8), [200, 60, 40], [200, 60, 40]),
    ("a grey's profile on colours", ColourProfile.grey.bytes, [200, 60, 40], [200, 60, 40]),
    ("one cut short", Array(ColourProfile.adobeRGB.bytes.prefix(200)), [200, 60, 40], [200, 60, 40]),
  ]

  @Test("have the colours of sRGB, whatever profile the picture has", arguments: colours.indices)
  func colour(index: Int) async throws {
    let row = Self.colours[index]
    let picture = PNGFile(width: 8, height: 8, hasAlpha: true, pixel: row.pixel, profile: row.profile)
    let smaller = try #require(try await made(picture.bytes, .thumbnail), "\(row.what)")
    let pixel = try #require(PNGFile.firstPixel(of: smaller.bytes), "\(row.what)")
    let isNear = zip(pixel, row.smaller).allSatisfy { abs(Int($0) - Int($1)) <= (row.pixel == row.smaller ? 0 : 3) }
    #expect(isNear, "\(row.what): \(pixel)")
    // No profile is left that a reader would apply once more.
    #expect(smaller.bytes.firstRange(of: Array("iCCP".utf8)) == nil, "\(row.what)")
  }

  @Test(
    "are not made of what is too large, cut short or no picture, which is known within a second",
    arguments: [
      ("20000 × 20000", PNGFile(width: 20_000, height: 20_000).bomb),
      ("1 × 100,000,001", PNGFile(width: 1, height: 100_000_001).bomb),
      ("10000 × 10000 without pixels", PNGFile(width: 10_000, height: 10_000).bomb),
      ("a head alone", PNGFile(width: 100, height: 100).head),
      ("cut short", Array(PNGFile(width: 500, height: 500).bytes.prefix(300))),
      ("text", Array("no picture at all".utf8)),
      ("a drawing", Array("<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>".utf8)),
      ("nothing", []),
    ])
  func refused(what: String, bytes: [UInt8]) async throws {
    let began = ContinuousClock.now
    #expect(try await made(bytes, .thumbnail) == nil, "\(what)")
    // A second of the machine; several of one that is building at the same time.
    #expect(ContinuousClock.now - began < .seconds(5), "\(what)")
  }

  @Test("are made in another process: this one never loads the library")
  func otherProcess() async throws {
    _ = try await made(PNGFile(width: 40, height: 30).bytes, .thumbnail)
    let maps = TemporaryDirectory.text(of: "/proc/self/maps")
    #expect(maps.contains("libc.so") && !maps.contains("libvips"))
  }
}
