-- POSTs the bodies of a file, as JSON, to one path in random order.
-- Arguments: the path, the file of bodies.

dofile("report.lua")

function init(arguments)
  math.randomseed(1000 + number)
  local headers = {}
  for name, value in pairs(wrk.headers) do headers[name] = value end
  headers["Content-Type"] = "application/json"
  requests = {}
  for _, body in ipairs(lines_of(arguments[2])) do
    table.insert(requests, wrk.format("POST", arguments[1], headers, body))
  end
  count = #requests
end

function request()
  return requests[math.random(count)]
end
