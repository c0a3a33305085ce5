-- A frontier with a long set.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      (("ab"):rep(500000)):gsub("%f[" .. ("b"):rep(10000) .. "]", "x")
    end,
  },
}
