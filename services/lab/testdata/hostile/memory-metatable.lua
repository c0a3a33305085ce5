-- Hides data in the metatable of texts.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local mt, i = getmetatable(""), 0
      while true do i = i + 1 mt[i] = ("x"):rep(1000) .. i end
    end,
  },
}
