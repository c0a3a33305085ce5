-- Leaves as much as it may in a global variable, run after run.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      junk = {}
      for i = 1, 7 do junk[i] = ("x"):rep(4000000) .. i end
    end,
  },
}
