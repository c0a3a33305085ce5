-- Fills a table with keys.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = {}
      for i = 1, 1e9 do t["key " .. i] = true end
    end,
  },
}
