-- Never finishes loading.
while true do end
return { events = { MESSAGE_CREATE = function(ctx, event) end } }
