--== insert
local l = { 1, 2, 3 }
table.insert(l, 4) t.eq(l, { 1, 2, 3, 4 }) table.insert(l, 1, 0) t.eq(l, { 0, 1, 2, 3, 4 }) table.insert(l, 3, "x") t.eq(l, { 0, 1, "x", 2, 3, 4 })
table.insert(l, 7, "end") t.eq(l[7], "end") table.insert(l, 20, "far") t.eq(l[20], "far")
local e = {} table.insert(e, "a") t.eq(e, { "a" }) e = {} table.insert(e, 1, "a") t.eq(e, { "a" })
local z = { "a", "b" } table.insert(z, 0, "z") t.eq(z[0], "z") t.eq(z[1], nil) t.eq(z[2], "a") t.eq(z[3], "b")
t.all(t.pack(table.insert({}, 1)))
t.raises("wrong number of arguments to 'insert'", table.insert, {}) t.raises("wrong number of arguments to 'insert'", table.insert, {}, 1, 2, 3)
t.raises("bad argument #1 to 'insert' (table expected, got nil)", table.insert, nil, 1) t.raises("bad argument #2 to 'insert' (number expected, got string)", table.insert, {}, "x", 1)
--== remove
local l = { "a", "b", "c", "d" }
t.eq(table.remove(l), "d") t.eq(table.remove(l, 1), "a") t.eq(l, { "b", "c" }) t.eq(#l, 2) t.all(t.pack(table.remove(l, 5))) t.all(t.pack(table.remove({})))
t.eq(table.remove(l, 2), "c") t.eq(table.remove(l), "b") t.eq(#l, 0) t.eq(next(l), nil)
local holes = { 1, 2, 3 } holes[5] = 5 holes[5] = nil t.eq(table.remove(holes), 3) t.eq(#holes, 2)
--== concat
t.eq(table.concat({ 1, 2, "x" }), "12x") t.eq(table.concat({ "a", "b", "c" }, ", "), "a, b, c") t.eq(table.concat({ "a", "b", "c" }, "-", 2), "b-c") t.eq(table.concat({ "a", "b", "c" }, "-", 2, 2), "b")
t.eq(table.concat({}), "") t.eq(table.concat({ "a" }, "-", 3), "") t.eq(table.concat({ 1.5, 2 }, 0), "1.502") t.eq(table.concat({ [0] = "z", "a" }, "", 0), "za")
t.raises("invalid value (nil) at index 1 in table for 'concat'", table.concat, {}, "", 1, 1) t.raises("invalid value (table) at index 2 in table for 'concat'", table.concat, { "a", {} })
t.raises("invalid value (boolean) at index 1", table.concat, { true })
--== sort
local l = { 3, 1, 2 } table.sort(l) t.eq(l, { 1, 2, 3 }) table.sort(l, function(a, b) return a > b end) t.eq(l, { 3, 2, 1 })
local w = { "banana", "apple", "cherry" } table.sort(w) t.eq(w, { "apple", "banana", "cherry" })
local big = {} for i = 1, 500 do big[i] = (i * 7919) % 503 end table.sort(big) for i = 2, 500 do t.eq(big[i - 1] <= big[i], true) end
table.sort({}) table.sort({ 1 }) t.all(t.pack(table.sort({ 2, 1 })))
t.raises("attempt to compare string with number", table.sort, { 1, "x" }) t.raises("bad argument #2 to 'sort' (function expected, got number)", table.sort, { 1, 2 }, 5)
local same = { 5, 4, 3, 2, 1 } table.sort(same, function() return true end) t.eq(#same, 5)
local mt = { __lt = function(a, b) return a.v < b.v end } local o = { setmetatable({ v = 2 }, mt), setmetatable({ v = 1 }, mt) } table.sort(o) t.eq(o[1].v, 1)
t.raises("stop", table.sort, { 3, 2, 1 }, function() error("stop") end)
--== sort of what cannot be compared
local ok, message = pcall(function() table.sort({ 1, "x" }) end) t.eq(message, "attempt to compare string with number")
local ok, message = pcall(table.sort, { {}, {} }) t.eq(message, "attempt to compare two table values")
table.sort({ 1, "x" }) --> attempt to compare string with number
--== sort with a comparison that changes the list
local l = { 5, 4, 3, 2, 1 }
table.sort(l, function(a, b) l[1] = nil l[9] = 1 return a < b end)
t.eq(l[1], 1) t.eq(l[5], 5)
--== getn, maxn, length
t.eq(table.getn({ 1, 2 }), 2) t.eq(table.maxn({ 1, 2, [10] = 3, [1.5] = 1 }), 10) t.eq(table.maxn({}), 0) t.eq(table.maxn({ [-1] = 1 }), 0) t.eq(table.maxn({ [1e9] = 1 }), 1e9)
t.eq(#{ 1, 2, nil }, 2) t.eq(#{ n = 1 }, 0) local l = { 1, 2, 3 } l[#l] = nil t.eq(#l, 2) l[#l + 1] = "x" t.eq(l[3], "x")
--== constructors
local function three() return 1, 2, 3 end
t.eq({ three() }, { 1, 2, 3 }) t.eq({ three(), three() }, { 1, 1, 2, 3 }) t.eq({ (three()) }, { 1 }) t.eq({ three(), nil }, { 1 })
local many = {} for i = 1, 200 do many[i] = i end t.eq({ unpack(many) }, many)
t.eq(({ [1] = "a", "b" })[1], "b")
