-- Sorts with a comparison that is always true.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = {}
      for i = 1, 200000 do t[i] = i end
      table.sort(t, function() return true end)
    end,
  },
}
