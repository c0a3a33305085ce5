-- Looks for the largest key of a large table.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = {}
      for i = 1, 100000 do t["k" .. i] = i end
      while true do table.maxn(t) end
    end,
  },
}
