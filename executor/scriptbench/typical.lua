-- A template as people write them: some checks, some text, an answer.
local discord = require "@antiraid/discord"
local kv      = require "@antiraid/kv"
local words   = { "spam", "scam", "free nitro" }

return {
  capabilities = { "discord:create_message", "kv:*" },
  events = {
    MESSAGE_CREATE = function(ctx, event)
      if event.author.bot then return end
      local text = event.content:lower()
      for _, word in ipairs(words) do
        if text:find(word, 1, true) then
          discord.create_message{ channel_id = event.channel_id, content = "please do not write " .. word }
          return
        end
      end
      local name, rest = text:match("^!(%w+)%s*(.*)$")
      if name == "echo" then
        discord.create_message{ channel_id = event.channel_id, content = rest .. " (" .. event.author.username .. ")" }
      end
    end,
  },
}
