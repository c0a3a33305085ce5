-- Gives metatables to what all templates share.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      pcall(setmetatable, print, { __index = { leak = 1 } })
      pcall(setmetatable, 1, { __index = { leak = 1 } })
      pcall(setmetatable, nil, { __index = { leak = 1 } })
      pcall(setmetatable, "", { __index = { leak = 1 } })
      pcall(setmetatable, true, { __index = { leak = 1 } })
      pcall(setmetatable, coroutine.create(print), { __index = { leak = 1 } })
      return (1).leak
    end,
  },
}
