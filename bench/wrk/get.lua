-- GETs the paths of a file in random order.
-- Arguments: the file of paths.

dofile("report.lua")

function init(arguments)
  math.randomseed(1000 + number)
  requests = {}
  for _, path in ipairs(lines_of(arguments[1])) do
    table.insert(requests, wrk.format("GET", path))
  end
  count = #requests
end

function request()
  return requests[math.random(count)]
end
