-- Compares halves of a long text.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      (("a"):rep(1000000)):find("(.*)%1b")
    end,
  },
}
