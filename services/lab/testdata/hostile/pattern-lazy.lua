-- Repetitions that take as few as they can.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      (("a"):rep(500)):match((".-"):rep(20) .. "b")
    end,
  },
}
