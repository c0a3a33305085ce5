--== kv
local kv = require "@antiraid/kv"
t.eq(kv.get("x"), nil) kv.set("x", { a = { 1, 2 } }) t.eq(kv.get("x"), { a = { 1, 2 } }) kv.set("y", 5) t.eq(kv.get("y"), 5) kv.set("z", false) t.eq(kv.get("z"), false)
t.eq(kv.list(), { "x", "y", "z" }) t.eq(kv.list("x"), { "x" }) t.eq(kv.list("", 2), { "x", "y" }) kv.delete("x") t.eq(kv.get("x"), nil) t.eq(kv.list("x"), {}) kv.delete("never")
t.all(t.pack(kv.set("s", "text"))) t.eq(kv.get("s"), "text")
--== kv keeps lists and null
local kv, json = require "@antiraid/kv", require "@antiraid/json"
kv.set("l", json.array()) t.eq(json.encode(kv.get("l")), "[]") kv.set("n", json.null) t.eq(kv.get("n"), json.null)
--== kv gives copies
local kv = require "@antiraid/kv"
local v = { 1 } kv.set("v", v) v[1] = 2 t.eq(kv.get("v"), { 1 }) kv.get("v")[1] = 3 t.eq(kv.get("v"), { 1 })
--== kv with bad arguments
local kv = require "@antiraid/kv"
t.raises("bad argument #1 to 'kv.get' (string expected, got nil)", kv.get, nil) t.raises("a key must not be empty", kv.get, "") t.raises("a key must be UTF-8 text", kv.get, "\255") t.raises("string expected, got number", kv.get, 5)
t.raises("kv.delete removes a key", kv.set, "x", nil) t.raises("kv.set: the value: the value is a function", kv.set, "x", print) t.raises("want 1 to 1000 keys", kv.list, "", 0)
--== discord asks
local discord = require "@antiraid/discord"
t.all(t.pack(discord.create_message{ channel_id = "5", content = "hi" })) t.all(t.pack(discord.ban{ user_id = "7", reason = "spam" }))
--== discord wants its arguments
local discord = require "@antiraid/discord"
t.raises("bad argument #1 to 'discord.ban' (table expected, got string)", discord.ban, "x") t.raises("discord.create_message: channel_id must be a string, got nil", discord.create_message, { content = "x" })
t.raises("channel_id must be a string, got number", discord.create_message, { channel_id = 81384788765712384, content = "x" }) t.raises("write ids as strings", discord.ban, { user_id = 81384788765712384 })
t.raises("guild_id is no argument", discord.ban, { guild_id = "1", user_id = "2" }) t.raises("the value at .embeds[1] is a function", discord.create_message, { channel_id = "1", embeds = { print } })
t.raises("is a list where named fields are expected", discord.ban, { "1" })
--== there is nothing else in the modules
local names = {} for k in pairs(require "@antiraid/discord") do names[#names + 1] = k end
t.eq(table.concat(names, " "), "add_reaction add_role ban create_interaction_response create_message get_member")
t.raises('module "@antiraid/http" does not exist; there are @antiraid/discord', require, "@antiraid/http")
--== require
t.eq(require "t" == t, true) t.raises('module "nothing.here" is no file of this template; there is neither nothing/here.lua nor nothing/here/init.lua', require, "nothing.here")
t.raises("is no file", require, "../t") t.raises("bad argument #1 to 'require' (string expected, got nil)", require, nil)
--== log
local log = require "@antiraid/log"
log.debug("a", 1, true, nil) log.info({ a = { 1 } }) log.warn(setmetatable({}, { __tostring = function() return "mine" end })) log.error(print) print("x", 1)
--== log with nothing
require "@antiraid/log".info()
