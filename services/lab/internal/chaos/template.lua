-- Version VERSION. Messages and clicks, which run side by side, are counted in two keys each and in one that they share. Each is
-- remembered and told of once.
local kv = require "@antiraid/kv"
local discord = require "@antiraid/discord"
local log = require "@antiraid/log"

local function read(of)
  return { last = kv.get(of .. "last") or 0, left = kv.get(of .. "left") or 0, right = kv.get(of .. "right") or 0, version = VERSION }
end

local function count(of, event)
  local found = read(of)
  found.left, found.right = found.left + 1, found.right + 1
  kv.set(of .. "left", found.left)
  kv.set("all", (kv.get("all") or 0) + 1)
  discord.create_message{ channel_id = event.channel_id, content = event.content }
  kv.set(of .. "right", found.right)
  kv.set(of .. "last", event.n)
  return found
end

return {
  capabilities = { "kv:*", "discord:*" },
  events = {
    MESSAGE_CREATE = function(ctx, event) return count("", event) end,
    INTERACTION_CREATE = function(ctx, event) return count("click.", event) end,
    MESSAGE_UPDATE = function(ctx, event)
      log.info("read")
      return { messages = read(""), clicks = read("click."), all = kv.get("all") or 0 }
    end,
  },
}
