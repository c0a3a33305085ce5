-- Asks for more than there are numbers for.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local s = ("xxxxxxxx"):rep(2 ^ 62)
    end,
  },
}
