-- Asks the host language to show its insides.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      string.format("%#v %+v %T %p %!x", event, ctx, print, print, 1)
    end,
  },
}
