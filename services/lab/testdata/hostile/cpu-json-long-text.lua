-- Writes and reads texts of four million bytes, plain, with escapes, and of letters that take two.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local json = require "@antiraid/json"
      for _, s in ipairs({ "a", "\"", "ä", "\1", "\255" }) do
        for i = 1, 5 do json.decode(json.encode(s:rep(600000))) end
      end
    end,
  },
}
