-- Uses nearly all of its budgets while it is loaded, so that nothing is left for the handler.
local n = 0
for i = 1, 1600000 do n = n + i end
local keep = {}
for i = 1, 20 do keep[i] = ("x"):rep(1000000) .. i end
return { events = { MESSAGE_CREATE = function(ctx, event) for i = 1, 1e9 do keep[i] = i end end } }
