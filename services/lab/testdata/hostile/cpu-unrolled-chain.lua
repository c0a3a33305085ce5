-- Looks for what is not there along a hundred tables, many times in each line.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t
      for i = 1, 99 do
        local x = {}
        for j = 1, 300 do x["n" .. j] = true end
        t = t and setmetatable(x, { __index = t }) or x
      end
      while true do local x = t.a, t.b, t.c, t.d, t.e, t.f, t.g, t.h end
    end,
  },
}
