return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local words = {}
      for word in event.content:gmatch("%a+") do words[#words + 1] = word end
      return ("x"):rep(words)
    end,
  },
}
