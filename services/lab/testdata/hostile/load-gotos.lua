-- Compiles thousands of jumps and labels, again and again.
local text = "do " .. ("goto z "):rep(1900) 
for i = 1, 1900 do text = text .. "::a" .. i .. "::" end
text = text .. "::z:: end"
return { events = { MESSAGE_CREATE = function() while true do loadstring(text) end end } }
