-- Replaces each letter by thousands.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local s = (("x"):rep(1000000)):gsub("x", ("y"):rep(1000))
    end,
  },
}
