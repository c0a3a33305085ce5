-- Looks for what must not be there.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      for _, name in ipairs{ "os", "io", "debug", "package", "channel", "dofile", "loadfile", "collectgarbage", "newproxy", "getfenv", "setfenv", "module", "_printregs" } do
        if _G[name] ~= nil then return name end
      end
      os.exit(1)
    end,
  },
}
