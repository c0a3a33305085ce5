local config = { roles = {} }

local function role(name)
  return config.roles[name].id
end

return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local id = role(event.content)
      return id
    end,
  },
}
