-- Makes the methods of texts a chain of a hundred tables.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = {}
      for i = 1, 97 do t = setmetatable({}, { __index = t }) end
      setmetatable(string, { __index = t })
      local s = "x"
      while true do local _ = s.a, s.b, s.c, s.d end
    end,
  },
}
