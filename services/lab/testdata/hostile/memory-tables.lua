-- Makes tables in tables.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = {}
      while true do t = { t, {}, {}, {} } end
    end,
  },
}
