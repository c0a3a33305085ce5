-- A set of a million members, asked for each letter.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      (("b"):rep(1000000)):find("[" .. ("a"):rep(1000000) .. "]")
    end,
  },
}
