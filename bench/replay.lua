-- Replays the requests of a file, one "path<tab>body" a line, over and over, and counts the answers by status.
-- Arguments after `--`: the file, and "pairs" to confirm each reservation that an answer names.
-- Prints one line of JSON when done. Latencies are wrk's own, in microseconds.

local threads = {}

function setup(thread)
    table.insert(threads, thread)
end

function init(args)
    wrk.method = "POST"
    requests, position, statuses = {}, 0, {}
    held, first, last = {}, 1, 0
    pairs_wanted = args[2] == "pairs"
    for line in io.lines(args[1]) do
        local path, body = line:match("^([^\t]*)\t(.*)$")
        requests[#requests + 1] = wrk.format("POST", path, nil, body)
    end
    io.write("ready\n")
    io.flush()
end

function request()
    if first <= last then
        local id = held[first]
        held[first] = nil
        first = first + 1
        return wrk.format("POST", "/stock/confirm", nil, '{"reservation_id":"' .. id .. '"}')
    end
    position = position % #requests + 1
    return requests[position]
end

function response(status, headers, body)
    local key = tostring(status)
    statuses[key] = (statuses[key] or 0) + 1
    if pairs_wanted and status == 200 and not body:find('"confirmed"', 1, true) then
        last = last + 1
        held[last] = body:match('"reservation_id":%s*"([^"]+)"')
    end
end

function done(summary, latency, _)
    local counted = {}
    for _, thread in ipairs(threads) do
        for status, count in pairs(thread:get("statuses")) do
            counted[#counted + 1] = string.format('"%s":%d', status, count)
        end
    end
    local errors = summary.errors
    io.write(string.format(
        '{"requests":%d,"seconds":%.6f,"p50_ms":%.3f,"p90_ms":%.3f,"p99_ms":%.3f,"socket_errors":%d,"answers":{%s}}\n',
        summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(90) / 1e3,
        latency:percentile(99) / 1e3, errors.connect + errors.read + errors.write + errors.timeout,
        table.concat(counted, ",")
    ))
end
