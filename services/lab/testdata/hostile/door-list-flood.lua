-- Lists many keys again and again.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local kv = require "@antiraid/kv"
      for i = 1, 60 do kv.set(("k%05d"):format(i) .. ("x"):rep(400), i) end
      for i = 1, 190 do kv.list("", 1000) end
    end,
  },
}
