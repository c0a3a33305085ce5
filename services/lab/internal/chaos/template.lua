-- Version VERSION. Counts its events in two keys, remembers the last, and tells of each once.
local kv = require "@antiraid/kv"
local discord = require "@antiraid/discord"
local log = require "@antiraid/log"

local function read() return { last = kv.get("last") or 0, left = kv.get("left") or 0, right = kv.get("right") or 0, version = VERSION } end

return {
  capabilities = { "kv:*", "discord:*" },
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local found = read()
      found.left, found.right = found.left + 1, found.right + 1
      kv.set("left", found.left)
      discord.create_message{ channel_id = event.channel_id, content = event.content }
      kv.set("right", found.right)
      kv.set("last", event.n)
      return found
    end,
    MESSAGE_UPDATE = function(ctx, event)
      log.info("read")
      return read()
    end,
  },
}
