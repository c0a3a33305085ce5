-- Compiles blocks that all end in a break, one in another.
local text = "local x while x do local f=function() return x end " .. ("do local a "):rep(165) .. ("if x then end "):rep(1100) .. ("end "):rep(165) .. " end"
return { events = { MESSAGE_CREATE = function() while true do loadstring(text) end end } }
