import Wire

/// The functions of the schema `sojourn` that predicates call. They give the same for the same arguments, and what Swift
/// gives: a test holds them to it.
///
/// | function | what it gives |
/// |---|---|
/// | `casefold(text)` | `CaseFolding.folded` |
/// | `printed_number(double precision)` | a number as the API prints it |
/// | `printed_day(bigint)` | the day with so many days since 1970, null outside of the calendar |
/// | `printed_list(text)` | a list of this one key, as the API prints it |
/// | `printed_instant(bigint)` | the time with so many seconds since 1970, null outside of the calendar |
enum TextFunctions {
  static var statements: [String] {
    [casefold, printedLargeNumber, printedNumber, printedDay, printedInstant, printedList]
  }

  /// Letters beyond ASCII that folding changes, in order, and what they become.
  private static let foldings: [(from: Unicode.Scalar, to: Unicode.Scalar)] = (0x80...0x10FFFF).compactMap { code in
    guard let scalar = Unicode.Scalar(UInt32(code)) else { return nil }
    let folded = CaseFolding.folded(scalar)
    return folded == scalar ? nil : (scalar, folded)
  }

  /// A class of regular expressions that holds these letters.
  private static var capitals: String {
    var ranges: [(first: UInt32, last: UInt32)] = []
    for (scalar, _) in foldings {
      if let last = ranges.last, last.last + 1 == scalar.value {
        ranges[ranges.count - 1].last = scalar.value
      } else {
        ranges.append((scalar.value, scalar.value))
      }
    }
    func word(_ code: UInt32) -> String { Unicode.Scalar(code).map { String(Character($0)) } ?? "" }
    return ranges.map { $0.first == $0.last ? word($0.first) : "\(word($0.first))-\(word($0.last))" }.joined()
  }

  /// `translate` walks its table for each letter, so most texts are kept from it. It is not declared strict, though it is,
  /// so that PostgreSQL puts it into the query: five times as fast as calling it.
  private static var casefold: String {
    let ascii = (0..<26).map { (Character(Unicode.Scalar(65 + $0)), Character(Unicode.Scalar(97 + $0))) }
    var from = String.UnicodeScalarView()
    var to = String.UnicodeScalarView()
    for (capital, small) in ascii {
      from.append(contentsOf: capital.unicodeScalars)
      to.append(contentsOf: small.unicodeScalars)
    }
    for folding in foldings {
      from.append(folding.from)
      to.append(folding.to)
    }
    return """
      CREATE OR REPLACE FUNCTION sojourn.casefold(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $f$
      SELECT CASE WHEN pg_catalog.octet_length($1) = pg_catalog.length($1) OR NOT ($1 COLLATE "C" ~ '[\(capitals)]')
        THEN pg_catalog.lower($1 COLLATE "C")
        ELSE pg_catalog.translate($1, '\(String(from))', '\(String(to))') END $f$
      """
  }

  /// PostgreSQL's digits are ours below 2^53, and from 1e40 on. From 1e21 on, and below 1e-6, exponents are PostgreSQL's
  /// but for a zero before a single digit.
  private static let printedNumber = """
    CREATE OR REPLACE FUNCTION sojourn.printed_number(double precision) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $f$
    SELECT CASE WHEN pg_catalog.abs($1) >= 9007199254740992 AND pg_catalog.abs($1) < 1e40
        THEN sojourn.printed_large_number($1)
      WHEN pg_catalog.strpos($1::text, 'e') = 0 THEN $1::text
      WHEN pg_catalog.abs($1) < 1e21 AND pg_catalog.abs($1) >= 1e-6 THEN ($1::text)::numeric::text
      ELSE pg_catalog.regexp_replace($1::text, 'e([+-])0', 'e\\1') END $f$
    """

  /// From 2^53 on PostgreSQL takes no number that lies just between two doubles, though it may be the shortest that reads
  /// back. So the roundings of the exact number are tried, the shortest first. From 1e40 on no number between two is
  /// short.
  private static let printedLargeNumber = """
    CREATE OR REPLACE FUNCTION sojourn.printed_large_number(double precision) RETURNS text LANGUAGE sql IMMUTABLE STRICT
    PARALLEL SAFE AS $f$
    SELECT CASE WHEN $1 < 0 THEN '-' ELSE '' END || CASE WHEN pg_catalog.abs($1) < 1e21 THEN digits
      ELSE pg_catalog.left(digits, 1) || pg_catalog.rtrim(pg_catalog.rtrim('.' || pg_catalog.substr(digits, 2), '0'), '.')
        || 'e+' || (pg_catalog.length(digits) - 1) END
    FROM (SELECT pg_catalog.round(whole, -places)::text AS digits, places
      FROM (SELECT (pg_catalog.abs($1) / pg_catalog.power(2::double precision, shift))::bigint::numeric
          * pg_catalog.round(pg_catalog.power(2::numeric, shift::numeric)) AS whole
        FROM (SELECT greatest(0, pg_catalog.floor(pg_catalog.ln(pg_catalog.abs($1)) / pg_catalog.ln(2::double
          precision))::integer - 57) AS shift) a) b, pg_catalog.generate_series(40, 0, -1) places) c
    WHERE digits::double precision = pg_catalog.abs($1) ORDER BY places DESC LIMIT 1 $f$
    """

  private static let printedDay = """
    CREATE OR REPLACE FUNCTION sojourn.printed_day(bigint) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $f$
    SELECT CASE WHEN $1 BETWEEN -719162 AND 2932896
      THEN pg_catalog.to_char((date '1970-01-01' + $1::integer)::timestamp, 'YYYY-MM-DD') END $f$
    """

  private static let printedInstant = """
    CREATE OR REPLACE FUNCTION sojourn.printed_instant(bigint) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $f$
    SELECT CASE WHEN $1 BETWEEN -62135596800 AND 253402300799
      THEN pg_catalog.to_char(timestamp '1970-01-01 00:00:00' + $1 * interval '1 second', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
      END $f$
    """

  /// `to_json` alone is not declared to give the same for the same text for good, and no index may stand on it.
  private static let printedList = """
    CREATE OR REPLACE FUNCTION sojourn.printed_list(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $f$
    SELECT '[' || pg_catalog.to_json($1)::text || ']' $f$
    """
}
