-- Sets and clears ever new keys: the table keeps their names.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t, i = {}, 0
      while true do i = i + 1 t["k" .. i] = 1 t["k" .. i] = nil end
    end,
  },
}
