-- Guards a server: newcomers are marked, a raid is banned, and newcomers who advertise get two warnings.
local discord = require "@antiraid/discord"
local kv      = require "@antiraid/kv"
local log     = require "@antiraid/log"
local window  = require "window"

local NEWCOMER = "1100000000000000020"   -- the role that newcomers wear until a moderator takes it off
local RAID     = { joins = 20, seconds = 10 }
local WARNINGS = 2

local function advertises(text)
  text = text:lower()
  return text:find("discord.gg/", 1, true) or text:find("free nitro", 1, true)
end

local function is_newcomer(member)
  for _, role in ipairs(member.roles) do
    if role == NEWCOMER then return true end
  end
  return false
end

return {
  capabilities = { "discord:get_member", "discord:add_role", "discord:add_reaction", "discord:ban", "kv:*" },
  events = {
    GUILD_MEMBER_ADD = function(ctx, event)
      local joins = window.count("joins", ctx.time, RAID.seconds)
      if joins > RAID.joins then
        log.warn("raid: " .. joins .. " joined within " .. RAID.seconds .. " s")
        discord.ban{ user_id = event.user.id, delete_message_seconds = 3600, reason = "raid: " .. joins .. " joins in " .. RAID.seconds .. " s" }
      else
        discord.add_role{ user_id = event.user.id, role_id = NEWCOMER, reason = "newcomer" }
      end
    end,

    MESSAGE_CREATE = function(ctx, event)
      local author = event.author
      if author.bot or not advertises(event.content) then return end
      local here, member = pcall(discord.get_member, { user_id = author.id })
      if not here or not is_newcomer(member) then return end   -- who has gone needs no warning, who is trusted may advertise

      local key = "warnings." .. author.id
      local warnings = (kv.get(key) or 0) + 1
      if warnings > WARNINGS then
        kv.delete(key)
        discord.ban{ user_id = author.id, delete_message_seconds = 3600, reason = "advertised " .. warnings .. " times" }
      else
        kv.set(key, warnings)
        discord.add_reaction{ channel_id = event.channel_id, message_id = event.id, emoji = "⚠️" }
      end
    end,
  },
}
