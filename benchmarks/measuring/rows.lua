-- Sends rows that no request has sent before: the number in each is counted up.
-- Arguments: the file of templates, how many rows a request has, what comes before, between and after them, the content type.
-- Prints what was found as one line of JSON.
local templates, size, before, between, after = {}, 1, "", "\n", "\n"
local count, seed, instance = 0, 0, nil
statuses = {}

function setup(thread) instance = thread end

function init(args)
  for line in io.lines(args[1]) do templates[#templates + 1] = line end
  size, before, between, after = tonumber(args[2]), args[3], args[4], args[5]
  wrk.method, wrk.headers["Content-Type"] = "POST", args[6]
  seed = os.time() % 1000
end

local function row()
  count = count + 1
  return string.format(templates[count % #templates + 1], 30 + (count * 7 + seed) % 2000003 / 10000)
end

function request()
  if size == 1 then return wrk.format(nil, nil, nil, before .. row() .. after) end
  local rows = {}
  for index = 1, size do rows[index] = row() end
  return wrk.format(nil, nil, nil, before .. table.concat(rows, between) .. after)
end

function response(status) statuses[status] = (statuses[status] or 0) + 1 end

function done(summary, latency)
  local found = {}
  for status, number in pairs(instance:get("statuses")) do found[#found + 1] = string.format('"%d": %d', status, number) end
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "broken": %d, "statuses": {%s}}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e6, latency:percentile(99) / 1e6,
    errors.connect + errors.read + errors.write + errors.timeout, table.concat(found, ", ")))
end
