-- A replacement of two million captures for one character.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local whole, first = ("%0"):rep(2000000), ("%1"):rep(2000000)
      while true do
        string.gsub("x", "x", whole)
        string.gsub("x", "(x)", first)
      end
    end,
  },
}
