-- Texts of loops that a function is hidden in: one for each loop, around a single function.
return { events = { MESSAGE_CREATE = function()
local one = "do " .. ("while a do if b then local c break end "):rep(130) .. "local f = function() end " .. ("end "):rep(130) .. "end\n"
local text = one:rep(5)
while true do assert(loadstring(text)) end
end } }
