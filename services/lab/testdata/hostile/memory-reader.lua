-- Feeds load for ever.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      while true do load(function() return ("x"):rep(1000000) end) end
    end,
  },
}
