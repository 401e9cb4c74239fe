-- POSTs creates, each with a body of its own.
-- Arguments: the file of objects, the path to post to, and how many
-- objects go into one request: 1 is a create, more are a batch.
--
-- A line of the file is the inside of a JSON object, without its braces and without `number`.

dofile("report.lua")

function init(arguments)
  math.randomseed(os.time() * 100 + number)
  objects = lines_of(arguments[1])
  path = arguments[2]
  size = tonumber(arguments[3])
  wrk.headers["Content-Type"] = "application/json"
  flight = number * 1000000
  refused = 0
  if size > 1 then
    -- Within a batch answer each operation has its own outcome, under status 200. (Only here: a
    -- response function costs wrk the parsing of every answer.)
    response = function(status, headers, body)
      for _ in string.gmatch(body, '"success":%s*false') do refused = refused + 1 end
    end
  end
end

local function next_object()
  flight = flight + 1
  return string.format('"number":%d,%s', flight, objects[math.random(#objects)])
end

function request()
  if size == 1 then
    return wrk.format("POST", path, nil, '{"flight":{' .. next_object() .. '}}')
  end
  local operations = {}
  for i = 1, size do
    operations[i] = '{"method":"post","object":{"type":"flight",' .. next_object() .. '}}'
  end
  return wrk.format("POST", path, nil, '{"operations":[' .. table.concat(operations, ",") .. "]}")
end
