-- Writes far behind the end of lists with rawset, insert and sort.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local all = {}
      for i = 1, 200 do
        local t = {}
        rawset(t, 900000, 1)
        table.insert(t, 1000000, 1)
        all[i] = t
      end
    end,
  },
}
