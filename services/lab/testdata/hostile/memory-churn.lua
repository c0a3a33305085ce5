-- Makes garbage as fast as it can, with much that must be kept.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local keep = {}
      for i = 1, 20 do keep[i] = ("x"):rep(1000000) .. i end
      while true do local s = ("y"):rep(1000000) local t = { s, s } end
    end,
  },
}
