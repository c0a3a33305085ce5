-- An error message that looks as if it were full of addresses, which nobody may see.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      pcall(error, ("z: 0x"):rep(800000), 0)
      local key = ("z: 0x"):rep(600000)
      while true do pcall(function() local x return x[key] end) end
    end,
  },
}
