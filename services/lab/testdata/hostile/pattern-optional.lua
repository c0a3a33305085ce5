-- Forty optional letters.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      (("a"):rep(40)):find(("a?"):rep(40) .. ("a"):rep(40) .. "b")
    end,
  },
}
