-- Passes thousands of values down a deep recursion.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = {}
      for i = 1, 6000 do t[i] = i end
      local function f(n, ...) if n > 0 then return f(n - 1, ...), ... end end
      f(900, unpack(t))
    end,
  },
}
