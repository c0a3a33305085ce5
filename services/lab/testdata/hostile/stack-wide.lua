-- Recurses with two hundred variables in each call.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local names = {}
      for i = 1, 190 do names[i] = "v" .. i end
      local text = "local f f = function() local " .. table.concat(names, ",") .. " = 1 f() return v1 end f()"
      while true do pcall(loadstring(text)) end
    end,
  },
}
