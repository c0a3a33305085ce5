-- Writes far behind the end of a list through metatables.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local all = {}
      for i = 1, 100 do
        local t = {}
        setmetatable({}, { __newindex = setmetatable({}, { __newindex = t }) })[1048000] = 1
        all[i] = t
      end
    end,
  },
}
