-- The classic: 28 repetitions on 28 letters take years.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      (("a"):rep(28)):match(("a*"):rep(28) .. "b")
    end,
  },
}
