-- Lets the machine read a number from megabytes of digits, by an operator.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local s = ("1"):rep(1000000)
      while true do pcall(function() return s + 1, -s, s * s end) end
    end,
  },
}
