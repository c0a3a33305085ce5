-- Has one call read thousands of numbers from text, each as slow to read as numbers are.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = {}
      for i = 1, 6900 do t[i] = "1e-320" end
      while true do string.char(unpack(t, 1, 6900)) end
    end,
  },
}
