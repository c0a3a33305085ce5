-- Asks for a gigabyte at once.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local s = ("x"):rep(1e9)
    end,
  },
}
