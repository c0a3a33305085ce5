-- Looks for a balance that never comes, from every bracket.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      (("("):rep(1000000)):find("%b()")
    end,
  },
}
