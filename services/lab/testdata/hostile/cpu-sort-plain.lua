-- Sorts large lists without a comparison: one call, millions of steps.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = {}
      for i = 1, 100000 do t[i] = (i * 7919) % 100003 end
      while true do table.sort(t) for i = 1, 10 do t[i] = 1e9 - i end end
    end,
  },
}
