-- Removes from the front of a long list.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = {}
      for i = 1, 400000 do t[i] = i end
      while true do if not table.remove(t, 1) then for i = 1, 1000 do t[i] = i end end end
    end,
  },
}
