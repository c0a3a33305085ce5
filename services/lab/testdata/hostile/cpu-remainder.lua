-- Finds remainders of numbers that are six hundred orders of magnitude apart.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local a, b = 1.7e308, 5e-324
      while true do local x = a % b, math.fmod(a, b), math.mod(a, b) end
    end,
  },
}
