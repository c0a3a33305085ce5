-- Doubles a text and keeps every step.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local s, all = "x", {}
      while true do s = s .. s all[#all + 1] = s .. "y" end
    end,
  },
}
