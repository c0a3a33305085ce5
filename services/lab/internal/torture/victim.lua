-- A well-behaved template: it keeps the number of its last event, and looks in every run whether its world is as it left it.
local kv = require "@antiraid/kv"
local secret = "SECRET"

-- names lists what a table holds, in order.
local function names(t)
  local list = {}
  for key, value in pairs(t) do list[#list + 1] = tostring(key) .. ":" .. type(value) end
  table.sort(list)
  return table.concat(list, " ")
end

-- world is all that a run finds when it begins, by name.
local function world(ctx, event)
  local text = getmetatable("")
  local list = { names(_G), names(string), names(table), names(math), names(coroutine), names(kv), names(ctx), names(event) }
  list[#list + 1] = type(text) == "table" and names(text) or type(text)
  return table.concat(list, "\n")
end

-- works says which function does not do what it always did.
local function works()
  if string.upper("a") ~= "A" or ("%d|%s"):format(7, "x") ~= "7|x" or ("abc"):find("c", 1, true) ~= 3 or ("a,b"):gsub(",", ";") ~= "a;b" then return "string" end
  if table.concat({ 1, 2 }, "-") ~= "1-2" or select("#", unpack({ 1, 2, 3 })) ~= 3 then return "table" end
  if math.floor(1.5) ~= 1 or math.max(1, 3, 2) ~= 3 then return "math" end
  if pcall(error, "x") or tostring(12) ~= "12" or tonumber("0x10") ~= 16 or type(nil) ~= "nil" or #"abc" ~= 3 then return "base" end
  if coroutine.wrap(function() return 5 end)() ~= 5 then return "coroutine" end
  if getmetatable(_G) ~= nil or getmetatable(ctx) ~= nil then return "metatables" end
end

return {
  capabilities = { "kv:*" },
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local odd = works()
      local last, kept, before = kv.get("last") or 0, kv.get("secret"), kv.get("world")
      local now = world(ctx, event)
      if last == 0 then
        kv.set("secret", secret)
        kv.set("world", now)
      else
        if kept ~= secret then odd = "kv.get gave " .. tostring(kept) end
        if before ~= now then odd = "its world changed from " .. tostring(before) .. " to " .. now end
        if names(kv.list("", 1000)) ~= "1:string 2:string 3:string" then odd = "kv.list gave " .. table.concat(kv.list("", 1000), " ") end
      end
      if event.secret ~= secret then odd = "the event is somebody else's" end
      kv.set("last", event.n)
      return { n = event.n, last = last, secret = secret, odd = odd }
    end,
  },
}
