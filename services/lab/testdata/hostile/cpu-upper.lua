-- Turns megabytes around.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local s = ("aB"):rep(1500000)
      while true do s = s:upper():lower():reverse() end
    end,
  },
}
