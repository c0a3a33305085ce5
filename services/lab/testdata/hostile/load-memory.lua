-- Eats memory while it is loaded.
local t = {}
for i = 1, 1e9 do t[i] = ("x"):rep(1000) .. i end
return { events = { MESSAGE_CREATE = function(ctx, event) end } }
