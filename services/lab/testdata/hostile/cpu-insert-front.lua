-- Inserts at the front of a long list: each call moves all of it.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = {}
      while true do table.insert(t, 1, 0) end
    end,
  },
}
