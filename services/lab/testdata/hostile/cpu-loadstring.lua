-- Compiles as fast as it can.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local s = ("x = x + 1 "):rep(6000)
      while true do loadstring(s) end
    end,
  },
}
