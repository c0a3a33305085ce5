--== what takes long to compile is refused
local names = {}
for i = 1, 190 do names[i] = "v" .. i end
local head = "return function() local " .. table.concat(names, ",") .. " "
local f, message = loadstring(head:rep(50) .. ("w9=w8 "):rep(2500) .. ("end "):rep(50), "=t")
t.eq(f, nil)
assert(message:find("^t:1: the text is too much to compile"), message)
local items = {}
for i = 1, 2000 do items[i] = "'" .. i .. "'," end
f, message = loadstring("return {" .. table.concat(items) .. "}", "=t")
t.eq(f, nil)
assert(message:find("^t:1: the text is too much to compile"), message)
assert(loadstring("return {" .. table.concat(items, "", 1, 500) .. "}"))
