-- Jumps out of blocks whose variables closures keep.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local all = {}
      local i = 0
      ::top::
      do
        local mine = i
        all[#all + 1] = function() mine = mine + 1 return mine end
        i = i + 1
        if i < 50 then goto top end
      end
      for n, f in ipairs(all) do if f() ~= n then error("saw " .. tostring(n)) end end
    end,
  },
}
