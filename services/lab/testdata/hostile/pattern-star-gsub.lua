-- The classic, in gsub.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      (("a"):rep(28)):gsub(("a*"):rep(28) .. "b", "")
    end,
  },
}
