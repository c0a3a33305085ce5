-- Calculates with texts of megabytes.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local digits, space = ("9"):rep(4000000), (" "):rep(4000000)
      while true do
        pcall(function() return digits + 1 end)
        pcall(function() return -digits end)
        pcall(function() return space * space end)
        pcall(tonumber, digits, 2)
      end
    end,
  },
}
