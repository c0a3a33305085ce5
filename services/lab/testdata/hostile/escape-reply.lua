-- Returns a value that fights back when it is read.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = setmetatable({}, { __index = function() while true do end end, __len = function() return 1e9 end })
      t.self = t
      return t
    end,
  },
}
