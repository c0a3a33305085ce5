-- Looks for a key of megabytes in a chain of a hundred tables that all have something.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = { a = 1 }
      for i = 1, 99 do t = setmetatable({ a = 1 }, { __index = t, __newindex = t }) end
      local key = ("k"):rep(4000000)
      while true do local x = t[key] t[key] = nil end
    end,
  },
}
