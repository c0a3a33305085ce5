-- Makes the methods of texts a chain of tables while it is loaded.
local last = getmetatable("").__index
local mt = getmetatable("")
local first = {}
local t = first
for i = 1, 95 do local n = {} setmetatable(t, { __index = n }) t = n end
setmetatable(t, { __index = string })
mt.__index = first
return { events = { MESSAGE_CREATE = function()
  local s = "x"
  local x
  for i = 1, 1e9 do
    x = s.len x = s.len x = s.len x = s.len x = s.len x = s.len x = s.len x = s.len
  end
end } }
