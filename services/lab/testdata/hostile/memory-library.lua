-- Hides data in the string library.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local i = 0
      while true do i = i + 1 string["g" .. i] = ("x"):rep(1000) .. i end
    end,
  },
}
