-- Spreads thousands of values, again and again.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = {}
      for i = 1, 6000 do t[i] = i end
      local function f(...) return select("#", ...) end
      while true do f(unpack(t)) end
    end,
  },
}
