-- Captures inside of captures at every place of a long text.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local s = ("abcdefgh"):rep(100000)
      while true do for a, b, c, d in s:gmatch("(((.).)(.))") do end end
    end,
  },
}
