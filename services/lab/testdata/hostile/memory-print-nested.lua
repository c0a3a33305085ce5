-- print inside of __tostring inside of print, each with a long piece.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local long, object = ("y"):rep(4000000)
      object = setmetatable({}, { __tostring = function() print(long, object) return "x" end })
      print(long, object)
    end,
  },
}
