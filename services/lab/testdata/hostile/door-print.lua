-- Prints tables that contain themselves.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local log = require "@antiraid/log"
      local t = {}
      t.t = t
      while true do print(t) log.info(t) end
    end,
  },
}
