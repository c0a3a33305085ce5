-- Formats with every width there is.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      while true do string.format("%99.99f %99.99s %-99d %q", 1e300, ("x"):rep(1000), 5, ("\n"):rep(1000)) end
    end,
  },
}
