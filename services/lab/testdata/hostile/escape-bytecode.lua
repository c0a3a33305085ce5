-- Loads compiled Lua, which could break the machine.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      assert(not loadstring("\27Lua\81\0\1\4\8\4\8\0"))
      assert(not load(function() return "\27LuaQ" end))
      string.dump(function() end)
    end,
  },
}
