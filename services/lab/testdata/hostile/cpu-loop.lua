-- Runs for ever.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      while true do end
    end,
  },
}
