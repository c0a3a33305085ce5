-- A pattern of megabytes.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      (("a"):rep(1000)):find(("a?"):rep(1000000))
    end,
  },
}
