-- Has gsub look its matches up along a hundred tables.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = {}
      for i = 1, 99 do t = setmetatable({}, { __index = t }) end
      local s = ("x"):rep(100000)
      while true do s:gsub(".", t) end
    end,
  },
}
