-- Keeps numbers that JSON and library functions have made.
-- numbers that json.decode makes are not weighed: 8 bytes each beside the 16 of the list
local json = require "@antiraid/json"
return { events = { MESSAGE_CREATE = function(ctx, ev) 
  local row = "[" .. ("999,"):rep(511) .. "999]"
  local text = "[" .. (row .. ","):rep(255) .. row .. "]"
  local keep = {}
  for i = 1, 15 do keep[i] = json.decode(text) end
  while true do end
end } }
