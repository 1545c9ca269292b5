-- Repeats GET requests (wrk). What is asked for comes in the environment: TARGET is path and query string, or several of
-- them with spaces between, which take turns; ACCEPT and ENCODING are header fields. With FRESH set, each query ends in a comment that no server has seen: no cache can answer it.
-- Prints one line of JSON: requests in a second, the median and the 99th percentile of their times in seconds, failures.

local targets = {}
for target in string.gmatch(os.getenv("TARGET"), "%S+") do targets[#targets + 1] = target end
local fresh = os.getenv("FRESH")
local fields = { Accept = os.getenv("ACCEPT"), ["Accept-Encoding"] = os.getenv("ENCODING") }
local sent = 0

function request()
  sent = sent + 1
  local target = targets[sent % #targets + 1]
  return wrk.format("GET", fresh and (target .. "%0A%23" .. fresh .. "-" .. sent) or target, fields)
end

function done(summary, latency, _)
  local failed = summary.errors
  io.write(string.format(
    'RESULT {"rate": %f, "median": %f, "late": %f, "failed": %d}\n',
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1e6, latency:percentile(99) / 1e6,
    failed.connect + failed.read + failed.write + failed.status + failed.timeout))
end
