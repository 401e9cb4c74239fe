import Crypto
import Wire

/// A page for people: no scripts, nothing from elsewhere, one style sheet in it, whose hash the
/// `Content-Security-Policy` names.
enum HTMLPage {
  /// `body` writes what stands between the tags of the body.
  static func block(title: String, _ body: (inout ByteWriter) -> Void) -> ByteBlock {
    var writer = ByteWriter(capacity: 1 << 14)
    writer.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
    writer.append(html: title)
    writer.append("</title>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<style>")
    writer.append(text: style)
    writer.append("</style></head><body>\n")
    body(&writer)
    writer.append("</body></html>\n")
    return writer.detach()
  }

  static let headers: [(name: String, value: String)] = [
    ("Content-Type", TextType.html), ("Content-Security-Policy", policy),
    ("Referrer-Policy", "no-referrer"),
  ]

  private static let policy =
    "default-src 'none'; style-src 'sha256-\(Base64.encode(SHA256.hash(style)))'; base-uri 'none'; "
    + "form-action 'none'; frame-ancestors 'none'"

  private static let style = """
    :root{color-scheme:light dark;--line:#d8dbe0;--soft:#f5f6f8;--quiet:#5b6270;--link:#0b57d0}
    @media(prefers-color-scheme:dark){:root{--line:#3b4048;--soft:#1d2026;--quiet:#9aa3b2;--link:#8ab4f8}}
    *{box-sizing:border-box}
    html{scroll-padding-top:1rem}
    body{font:1rem/1.55 system-ui,sans-serif;max-width:58rem;margin:0 auto;padding:1.5rem 1rem 4rem;overflow-wrap:break-word}
    h1{font-size:1.7rem;line-height:1.2;margin:.5rem 0}
    h2{font-size:1.3rem;margin:2.5rem 0 .5rem;padding-top:1rem;border-top:1px solid var(--line)}
    h3{font-size:1.05rem;margin:1.75rem 0 .4rem}
    h4{font-size:.85rem;margin:1rem 0 .25rem;color:var(--quiet)}
    p{margin:.4rem 0}
    a{color:var(--link);text-underline-offset:.15em}
    code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.875em}
    pre{background:var(--soft);border:1px solid var(--line);border-radius:.4rem;padding:.7rem .9rem;overflow-x:auto;margin:.4rem 0}
    nav{columns:14rem;margin:1rem 0;padding:.7rem .9rem;background:var(--soft);border-radius:.4rem}
    nav a{display:block;padding:.1rem 0;break-inside:avoid}
    .wide{overflow-x:auto}
    table{border-collapse:collapse;width:100%;font-size:.94em}
    th,td{text-align:left;vertical-align:top;padding:.35rem .8rem .35rem 0;border-bottom:1px solid var(--line)}
    th{font-weight:600;color:var(--quiet);font-size:.9em}
    .method{display:inline-block;min-width:4.2em;font-weight:700}
    .quiet{color:var(--quiet)}
    .mark{font-size:.75em;border:1px solid var(--line);border-radius:1em;padding:.05em .6em;color:var(--quiet);white-space:nowrap}
    summary{cursor:pointer;color:var(--link)}
    """
}
