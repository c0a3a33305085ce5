-- Declares a hundred thousand handlers.
local events = {}
for i = 1, 100000 do events["E" .. i] = print end
events.MESSAGE_CREATE = function(ctx, event) end
return { events = events }
