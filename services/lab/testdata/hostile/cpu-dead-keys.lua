-- Walks over a table whose hundred thousand keys are all gone: next looks at each of them.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = {}
      for i = 1, 100000 do t["k" .. i] = true end
      for i = 1, 100000 do t["k" .. i] = nil end
      while true do next(t) end
    end,
  },
}
