-- Adds numbers in text that are slow to read.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local a, b = "1e-320", "2.4703282292062327208e-324"
      while true do local n = a + b n = -a n = b % a end
    end,
  },
}
