-- POSTs creates with an attachment inline, each with bytes of its own.
-- Arguments: the file, the path to post to, and the number of the run, from 1 to 9.
--
-- The file has two lines: Base64 before and after eight characters that make the bytes new.

dofile("report.lua")

function init(arguments)
  local lines = lines_of(arguments[1])
  before, after = lines[1], lines[2]
  path = arguments[2]
  run = tonumber(arguments[3])
  wrk.headers["Content-Type"] = "application/json"
  count = 0
end

function request()
  count = count + 1
  return wrk.format("POST", path, nil, string.format(
    '{"flight":{"number":%d,"boarding_pass":{"base64":"%s%d%d%06d%s","filename":"pass.pdf"}}}',
    count, before, run, number, count, after))
end
