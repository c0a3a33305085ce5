-- Thirty-two captures, each with repetitions.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      (("a"):rep(60)):match(("(a*)"):rep(32) .. "b")
    end,
  },
}
