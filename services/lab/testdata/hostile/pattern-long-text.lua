-- One repetition over megabytes, from every place: quadratic.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      (("a"):rep(3000000)):find("a*b")
    end,
  },
}
