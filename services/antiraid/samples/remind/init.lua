-- Keeps notes for a user who installed the app: /remind answers in a direct message, without any server.
local discord = require "@antiraid/discord"
local kv      = require "@antiraid/kv"

local COMMAND, MESSAGE = 2, 4   -- kinds of an interaction and of its answer

local function option(data, name)
  for _, o in ipairs(data.options or {}) do
    if o.name == name then return o.value end
  end
end

return {
  capabilities = { "discord:create_interaction_response", "kv:*" },
  events = {
    INTERACTION_CREATE = function(ctx, event)
      if event.type ~= COMMAND or event.data.name ~= "remind" then return end
      local what = option(event.data, "what") or "something"
      kv.set("note." .. event.id, what)
      local kept = #kv.list("note.")
      discord.create_interaction_response{
        interaction_id = event.id,
        interaction_token = event.token,
        type = MESSAGE,
        data = { content = "Noted: " .. what .. ". You have " .. kept .. (kept == 1 and " note." or " notes.") },
      }
    end,
  },
}
