-- A format asks for a text, which asks for a format, four hundred times; each has a long piece already.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local long, depth, object = ("y"):rep(4000000), 0
      object = setmetatable({}, { __tostring = function()
        depth = depth + 1
        while depth > 400 do end
        return string.format("%s%s", long, object)
      end })
      return tostring(object)
    end,
  },
}
