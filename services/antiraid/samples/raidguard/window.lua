-- Counts what happened within the last seconds.
local kv = require "@antiraid/kv"

local window = {}

-- count notes that something happened at a time and returns how often it did within the seconds before. Time is the event's, so that a
-- replay counts the same.
function window.count(key, now, seconds)
  local w = kv.get(key)
  if not w or now - w.since > seconds then
    w = { since = now, n = 0 }
  end
  w.n = w.n + 1
  kv.set(key, w)
  return w.n
end

return window
