-- Asks for just less than is allowed, many times.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = {}
      while true do t[#t + 1] = ("x"):rep(1000000) .. #t end
    end,
  },
}
