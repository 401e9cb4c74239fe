import AttachmentsS3
import CommandLineTable

/// The settings of an object store for attachments, as `sojourn serve` takes them.
enum S3Options {
  static let options = [
    CommandOption(
      "s3-bucket", .text, placeholder: "NAME", environment: "SOJOURN_S3_BUCKET", key: "s3-bucket",
      help: "Keeps attachments in this bucket of an S3-compatible object store, not in the data directory."),
    CommandOption(
      "s3-endpoint", .text, placeholder: "URL", environment: "SOJOURN_S3_ENDPOINT", key: "s3-endpoint",
      help: "The object store's address, as clients reach it too; without it Amazon's in the region."),
    CommandOption(
      "s3-region", .text, placeholder: "NAME", environment: "SOJOURN_S3_REGION", key: "s3-region",
      help: "The bucket's region; us-east-1 without it."),
    CommandOption(
      "s3-path-style", .flag, environment: "SOJOURN_S3_PATH_STYLE", key: "s3-path-style",
      help: "Names the bucket in the path and not in the host name: MinIO and others need it."),
    CommandOption(
      "s3-access-key", .text, placeholder: "KEY", environment: "SOJOURN_S3_ACCESS_KEY", key: "s3-access-key",
      help: "The access key."),
    CommandOption(
      "s3-secret-key-file", .path, placeholder: "F", environment: "SOJOURN_S3_SECRET_KEY_FILE",
      key: "s3-secret-key-file", help: "File that holds the secret key, and nothing else."),
    CommandOption(
      "s3-secret-key", .secret, environment: "SOJOURN_S3_SECRET_KEY", help: "The secret key, where it is not in a file."
    ),
  ]

  /// Nil where attachments are to lie in the data directory.
  static func settings(_ command: ParsedCommand) throws(UsageError) -> S3Settings? {
    var given = S3Settings.Given()
    given.endpoint = command.text("s3-endpoint")
    given.region = command.text("s3-region")
    given.bucket = command.text("s3-bucket")
    given.isPathStyle = command.flag("s3-path-style")
    given.accessKey = command.text("s3-access-key")
    given.secretKey = command.text("s3-secret-key")
    if let file = command.text("s3-secret-key-file") {
      if given.secretKey != nil {
        throw command.usageError("the secret key of the object store is given twice: as text and as a file")
      }
      var text = Substring(try Terminal.smallFile(file))
      while let last = text.last, last.isNewline { text.removeLast() }
      given.secretKey = String(text)
    }
    do throws(S3Settings.Fault) {
      return try S3Settings.read(given)
    } catch {
      throw command.usageError(error.sentence)
    }
  }
}
