-- Doubles a text.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local s = "x"
      while true do s = s .. s end
    end,
  },
}
