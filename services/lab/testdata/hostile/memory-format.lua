-- Makes a text of very long pieces.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local s = ("x"):rep(3000000)
      local t = string.format(("%s"):rep(100), unpack((function() local a = {} for i = 1, 100 do a[i] = s end return a end)()))
    end,
  },
}
