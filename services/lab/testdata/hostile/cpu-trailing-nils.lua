-- Asks for the length of a list that ends in a million nils.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = {}
      for i = 1, 500000 do t[i] = 1 end
      for i = 1, 500000 do t[i] = nil end
      local n = 0
      while true do n = n + #t end
    end,
  },
}
