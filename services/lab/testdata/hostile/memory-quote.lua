-- Quotes a text of characters that become four.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local s = ("\0"):rep(3000000)
      local t = {}
      while true do t[#t + 1] = string.format("%q", s) end
    end,
  },
}
