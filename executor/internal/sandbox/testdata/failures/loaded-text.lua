return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local f = loadstring("local x = ...\nreturn x.y.z", "=formula")
      return f({})
    end,
  },
}
