-- Fills a table.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = {}
      for i = 1, 1e9 do t[i] = i end
    end,
  },
}
