-- Joins very many numbers with fractions.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = {}
      for i = 1, 250000 do t[i] = i / 7 end
      while true do table.concat(t) end
    end,
  },
}
