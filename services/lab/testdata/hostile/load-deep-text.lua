-- A text that is nested too deep for a compiler, built when it is loaded.
local f = loadstring("return " .. ("("):rep(60000))
local g = loadstring("return " .. ("{"):rep(30000) .. ("}"):rep(30000))
local h = loadstring("return " .. ("-"):rep(60000) .. "1")
assert(not f and not g and not h)
return { events = { MESSAGE_CREATE = function(ctx, event) error("done") end } }
