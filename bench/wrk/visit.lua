-- GETs the paths of a file in random order, each with the cookie of one of many visitors, in turn.
-- Arguments: the file of paths, the file of cookies.

dofile("report.lua")

function init(arguments)
  math.randomseed(1000 + number)
  paths, cookies = lines_of(arguments[1]), lines_of(arguments[2])
  turn = number * 7919
end

function request()
  turn = turn + 1
  return wrk.format("GET", paths[math.random(#paths)], {["Cookie"] = cookies[turn % #cookies + 1]})
end
