import Testing
import Wire

@testable import AttachmentsS3

@Suite("Lists of an object store")
struct S3ListPageTests {
  private func page(_ xml: String) -> S3ListPage? { S3ListPage(xml: Array(xml.utf8)) }

  @Test("are read, with what the next page is asked for with")
  func read() throws {
    let found = try #require(
      page(
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>
          <IsTruncated>true</IsTruncated><NextContinuationToken>a&amp;b==</NextContinuationToken>
          <Contents><Key>d/1&lt;2</Key><Size>5</Size><LastModified>2013-05-24T00:00:00.123Z</LastModified></Contents>
          <Contents><Key>no size</Key><LastModified>2013-05-24T00:00:00Z</LastModified></Contents>
          <Contents><Key>negative</Key><Size>-5</Size><LastModified>2013-05-24T00:00:00Z</LastModified></Contents>
          <Contents><Key>too large</Key><Size>99999999999999999999</Size></Contents>
        </ListBucketResult>
        """))
    let modified = try #require(Instant("2013-05-24T00:00:00Z"))
    #expect(found.entries == [S3ListPage.Entry(key: "d/1<2", size: 5, modified: modified)])
    #expect(found.next == "a&b==")
  }

  @Test("end where they say that they are whole")
  func last() {
    let xml = "<ListBucketResult><IsTruncated>false</IsTruncated><NextContinuationToken>x</NextContinuationToken>"
    #expect(page(xml + "</ListBucketResult>") == S3ListPage())
  }

  @Test(
    "are refused when they are none",
    arguments: [
      "", "no xml", "<Error><Code>x</Code></Error>", "<ListBucketResult>",
      "<!DOCTYPE a [<!ENTITY b 'c'>]><ListBucketResult>&b;</ListBucketResult>",
      String(repeating: "<ListBucketResult>", count: 50) + String(repeating: "</ListBucketResult>", count: 50),
    ])
  func refused(xml: String) { #expect(page(xml) == nil) }
}
