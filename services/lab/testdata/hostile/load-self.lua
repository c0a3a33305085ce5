-- Requires itself while it is loaded.
local me = require "init"
return { events = { MESSAGE_CREATE = function(ctx, event) end } }
