--== fields
t.eq(event.content, "hello") t.eq(event.author.id, "42") t.eq(event.author.bot, false) t.eq(event.n, 3) t.eq(event.nick, nil) t.eq(event.nothing, nil)
t.eq(type(event), "table") t.eq(type(event.author), "table") t.eq(event[1], nil) t.eq(event[{}], nil)
--== lists
t.eq(#event.mentions, 2) t.eq(event.mentions[2].id, "2") t.eq(event.mentions[3], nil)
local ids = {} for i, m in ipairs(event.mentions) do ids[i] = m.id end t.eq(ids, { "1", "2" })
--== pairs sees everything once
local names = {} for k in pairs(event) do names[#names + 1] = k end table.sort(names)
t.eq(table.concat(names, " "), "author content mentions n")
local before = event.content
local names = {} for k, v in pairs(event.author) do names[k] = v end t.eq(names, { id = "42", bot = false })
--== next and length
t.eq(#event, 0) t.eq(next(event) ~= nil, true) t.eq(next(event.author) ~= nil, true) t.eq(#event.author, 0)
--== raw access
t.eq(rawget(event, "content"), "hello") rawset(event, "x", 1) t.eq(event.x, 1) t.eq(rawequal(event, event), true)
--== writes are the run's own
event.content = "changed" t.eq(event.content, "changed") event.author.id = nil t.eq(event.author.id, nil) event.content = nil t.eq(event.content, nil)
event.new = { 1 } t.eq(event.new[1], 1) t.eq(event.n, 3)
--== a field that was set to nil does not come back
event.content = nil t.eq(event.content, nil) t.eq(rawget(event, "content"), nil)
local n = 0 for k in pairs(event) do n = n + 1 t.eq(k ~= "content", true) end t.eq(n, 3)
--== no metatable shows
t.eq(getmetatable(event), nil) t.eq(getmetatable(event.author), nil) t.eq(getmetatable(event.mentions), nil)
local seen setmetatable(event, { __index = function(_, k) seen = k return "mine" end }) t.eq(event.nothing, "mine") t.eq(seen, "nothing") t.eq(event.content, "hello")
--== table functions take it
t.eq(table.concat(event.mentions[1] and { event.content }), "hello") t.eq(table.maxn(event), 0) table.insert(event, "x") t.eq(event[1], "x") t.eq(table.remove(event), "x") t.eq(event.content, "hello")
t.all(t.pack(unpack(event.mentions, 1, 1))[1] and { n = 0 }) table.sort(event.mentions, function(a, b) return a.id > b.id end) t.eq(event.mentions[1].id, "2")
--== json
local json = require "@antiraid/json"
t.eq(json.encode(event), '{"content":"hello","author":{"id":"42","bot":false},"mentions":[{"id":"1"},{"id":"2"}],"n":3}')
t.eq(json.encode(event.author), '{"id":"42","bot":false}')
--== context
t.eq(ctx.id, "e1") t.eq(ctx.type, "MESSAGE_CREATE") t.eq(ctx.tenant, "g-81384788765712384") t.eq(ctx.template, "test") t.eq(ctx.version, 3) t.eq(ctx.time, 1700000000.123) t.eq(ctx.other, nil)
local n = 0 for k in pairs(ctx) do n = n + 1 end t.eq(n, 6)
--== a proxy writes into it
setmetatable({}, { __newindex = event }).content = "x" t.eq(event.content, "x") t.eq(event.n, 3)
--== as an __index
local d = setmetatable({}, { __index = event }) t.eq(d.content, "hello") t.eq(d.author.id, "42") t.eq(d.nothing, nil)
