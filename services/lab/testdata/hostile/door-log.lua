-- Logs without end.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local log = require "@antiraid/log"
      while true do pcall(log.info, ("x"):rep(100)) end
    end,
  },
}
