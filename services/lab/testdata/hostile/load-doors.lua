-- Knocks at the doors while it is loaded.
local kv = require "@antiraid/kv"
pcall(kv.set, "k", 1)
return { capabilities = { "kv:*" }, events = { MESSAGE_CREATE = function(ctx, event) end } }
