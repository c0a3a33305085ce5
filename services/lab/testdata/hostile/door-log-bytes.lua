-- Logs megabytes.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local log = require "@antiraid/log"
      log.info(("x"):rep(3000000), ("x"):rep(3000000))
    end,
  },
}
