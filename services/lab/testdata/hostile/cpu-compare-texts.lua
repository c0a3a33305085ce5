-- Compares megabytes that are equal but for the last letter.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local a = ("x"):rep(3000000) .. "a"
      local b = ("x"):rep(3000000) .. "b"
      while true do local _ = a < b, a <= b, a == b end
    end,
  },
}
