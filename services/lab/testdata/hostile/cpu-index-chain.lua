-- Looks a field up through a hundred metatables.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = {}
      for i = 1, 99 do t = setmetatable({}, { __index = t }) end
      while true do local _ = t.nothing, t.nothing, t.nothing, t.nothing end
    end,
  },
}
