-- Puts everything into globals.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local i = 0
      while true do i = i + 1 _G["g" .. i] = ("x"):rep(1000) .. i end
    end,
  },
}
