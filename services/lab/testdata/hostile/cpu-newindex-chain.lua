-- Stores through a hundred tables.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = {}
      for i = 1, 99 do t = setmetatable({}, { __newindex = t, __index = t }) end
      while true do t[0.5] = nil t[1.5] = nil t[2.5] = nil t[3.5] = nil end
    end,
  },
}
