--== assert
t.all(t.pack(assert(1, 2, 3)), 1, 2, 3)
t.raises("assertion failed!", assert, false)
t.raises("assertion failed!", assert, nil)
t.raises("no", assert, false, "no")
t.raises("bad argument #1 to 'assert' (value expected)", assert)
--== assert fails the run without a place in the message
assert(false, "what went wrong") --> what went wrong
--== assert has the place of its caller
local ok, message = pcall(function() assert(nil, "what went wrong") end) t.eq(message, "init.lua:2: what went wrong")
local ok, message = pcall(function() assert(false) end) t.eq(message, "init.lua:3: assertion failed!")
--== errors keep what looks like an address
t.eq(select(2, pcall(error, "bad color: 0xff0000")), "bad color: 0xff0000")
--== levels of error go through pcall
local ok, message = pcall(error, "two", 2) t.eq(message, "init.lua:2: two")
local ok, message = pcall(function()
  local function deep() error("three", 3) end
  deep()
end)
t.eq(message, "three")
local ok, message = pcall(function()
  local function deep() error("four", 4) end
  deep()
end)
t.eq(message, "init.lua:8: four")
local co = coroutine.wrap(function() return select(2, xpcall(function() error("three", 3) end, function(m) return m end)) end)
t.eq(co(), "init.lua:13: three")
--== errors of methods count without the object
local ok, message = pcall(function() return ("x"):rep({}) end) t.eq(message, "init.lua:2: bad argument #1 to 'rep' (number expected, got table)")
local ok, message = pcall(function() local t = setmetatable({}, { __index = string }) return t:rep(3) end)
t.eq(message, "init.lua:3: calling 'rep' on bad self (string expected, got table)")
local ok, message = pcall(function() return string.rep("x", ("y"):rep(2)) end) t.eq(message, "init.lua:5: bad argument #2 to 'rep' (number expected, got string)")
local ok, message = pcall(function() return ("x"):rep(ok and { ("y"):len() } or string.rep("z", 2)) end) t.eq(message:find("bad argument #1 ", 1, true), 13)
--== __tostring that cannot be called
t.raises("attempt to call a number value", tostring, setmetatable({}, { __tostring = 5 }))
t.eq(tostring(setmetatable({}, { __tostring = setmetatable({}, { __call = function() return "called" end }) })), "called")
--== a loop without a start begins at the begin
local function nothing() end
local function count(n, f, ...) for k in f, ... do n = n + 1 end return n end
do local a, b, c, d, e, f = 1, 2, 3, 4, 5, 6 end
local list = { "a", "b", "c", "d", "e" }
local n = 0 for k, v in next, list do n = n + 1 end t.eq(n, 5)
local n = 0 do local a, b, c = 1, 2, 3 end for k in next, list do n = n + 1 end t.eq(n, 5)
local n = 0 do local a, b, c = 1, 2, 3 end for k, v in next, (function() return list end)() do n = n + 1 end t.eq(n, 5)
t.eq(count(0, next, list), 5) t.eq(count(0, next, list, 2), 3) t.eq(count(0, nothing), 0)
local seen = {} for a in function(s, c) seen[#seen + 1] = tostring(s) .. tostring(c) if c == nil then return 1 end end do end
t.eq(table.concat(seen, " "), "nilnil nil1")
--== error has the place of its caller
local function fails() error("boom") end
local ok, message = pcall(fails)
t.eq(message, "init.lua:2: boom")
local ok, message = pcall(function() local function deep() error("up", 2) end deep() end)
t.eq(message, "init.lua:5: up")
local ok, message = pcall(error, "plain")
t.eq(message, "plain")
local ok, message = pcall(error, "plain", 0)
t.eq(message, "plain")
local ok, message = pcall(function() error("zero", 0) end)
t.eq(message, "zero")
local value = {}
local ok, message = pcall(error, value)
t.eq(message == value, true)
t.all(t.pack(pcall(error)), false, nil)
--== error at the top
error("boom") --> boom
--== error of a table
error({ message = "from a table" }) --> from a table
--== error of nothing
error() --> the error is nil
--== an instruction fails
local x
x.y = 1 --> attempt to index
--== calling nil
local x
x() --> attempt to call a non-function object
--== arithmetic on a table
local x = {} + 1 --> cannot perform add operation between table and number
--== comparing apples
local x = {} < 1 --> attempt to compare table with number
--== type
t.eq(type(nil), "nil") t.eq(type(1), "number") t.eq(type("x"), "string") t.eq(type({}), "table") t.eq(type(print), "function")
t.eq(type(true), "boolean") t.eq(type(coroutine.create(print)), "thread")
t.raises("bad argument #1 to 'type' (value expected)", type)
--== tostring
t.eq(tostring(1), "1") t.eq(tostring(1.5), "1.5") t.eq(tostring(nil), "nil") t.eq(tostring(true), "true") t.eq(tostring("x"), "x")
t.eq(tostring(setmetatable({}, { __tostring = function() return "mine" end })), "mine")
t.eq(tostring(setmetatable({}, { __tostring = function() return nil end })), nil)
t.raises("'tostring' must return a string to 'print'", print, setmetatable({}, { __tostring = function() return {} end }))
local a, b = {}, {}
t.eq(tostring(a) == tostring(a), true) t.eq(tostring(a) == tostring(b), false)
t.eq(string.find(tostring(a), "^table: %d+$"), 1)
t.eq(string.find(tostring(print), "^function: %d+$"), 1)
--== no address gets out
local ok, message = pcall(function() local x = nil; return x[{}] end)
t.eq(string.find(message, "0x"), nil)
--== tonumber
t.eq(tonumber("10"), 10) t.eq(tonumber(" 0x1F "), 31) t.eq(tonumber("1e2"), 100) t.eq(tonumber(".5"), .5) t.eq(tonumber("-3."), -3)
t.eq(tonumber("x"), nil) t.eq(tonumber(""), nil) t.eq(tonumber("1 2"), nil) t.eq(tonumber("inf"), nil) t.eq(tonumber("nan"), nil)
t.eq(tonumber("1_000"), nil) t.eq(tonumber("0x"), nil) t.eq(tonumber("--1"), nil) t.eq(tonumber({}), nil) t.eq(tonumber("-0x10"), -16)
t.eq(tonumber("0x1.8"), 1.5) t.eq(tonumber("0x1p4"), 16) t.eq(tonumber("1p4"), nil) t.eq(tonumber("+10", 8), 8) t.eq(tonumber("+-1", 8), nil) t.eq(tonumber("9007199254740993", 12), 138726954629979523)
t.eq(tonumber("0x1.8"), 1.5) t.eq(tonumber("0x1p4"), 16) t.eq(tonumber("1p4"), nil) t.eq(tonumber("+10", 8), 8) t.eq(tonumber("+-1", 8), nil)
t.eq(tonumber("9007199254740993", 12), 138726954629979520)
t.eq(tonumber("ff", 16), 255) t.eq(tonumber("zz", 36), 1295) t.eq(tonumber("8", 8), nil) t.eq(tonumber("-101", 2), -5)
t.eq(tonumber("0010"), 10) t.eq(tonumber(7), 7) t.eq(tonumber("1e1", 10), 10)
t.raises("base out of range", tonumber, "1", 99)
t.raises("bad argument #1 to 'tonumber' (value expected)", tonumber)
--== select
t.all(t.pack(select(2, "a", "b", "c")), "b", "c") t.all(t.pack(select(-1, "a", "b")), "b") t.eq(select("#"), 0) t.eq(select("#", nil, nil), 2)
t.all(t.pack(select(5, "a"))) t.raises("index out of range", select, 0) t.raises("index out of range", select, -2, "a")
--== unpack
t.all(t.pack(unpack({ 1, 2, 3 })), 1, 2, 3) t.all(t.pack(unpack({ 1, 2, 3 }, 2)), 2, 3) t.all(t.pack(unpack({ 1, 2 }, 1, 3)), 1, 2, nil)
t.all(t.pack(unpack({}, 1, 0))) t.raises("too many results to unpack", unpack, {}, 1, 1e8) t.raises("too many results", unpack, {}, -1e300, 1e300)
t.raises("bad argument #1 to 'unpack' (table expected, got nil)", unpack, nil)
t.all(t.pack(unpack({ [0] = "z", "a" }, 0, 1)), "z", "a")
--== pairs and next go in order
local list = { 1, 2, 3, x = 1, y = 2 }
list.z = 3
list.x = nil
local seen = {}
for k, v in pairs(list) do seen[#seen + 1] = tostring(k) .. v end
t.eq(table.concat(seen, " "), "11 22 33 y2 z3")
t.all(t.pack(next({})), nil) t.all(t.pack(next({ 5 })), 1, 5)
t.raises("invalid key to 'next'", next, {}, "nothing")
--== pairs allows to remove
local list = {}
for i = 1, 100 do list["k" .. i] = i end
local n = 0
for k in pairs(list) do list[k] = nil n = n + 1 end
t.eq(n, 100) t.eq(next(list), nil)
--== pairs over the number zero and others
local list = { [0] = "a", [-1] = "b", [1.5] = "c", [1] = "d" }
local n = 0
for k, v in pairs(list) do n = n + 1 t.eq(list[k], v) end
t.eq(n, 4)
--== ipairs
local out = {}
for i, v in ipairs({ "a", "b", nil, "d" }) do out[i] = v end
t.eq(out, { "a", "b" })
t.raises("bad argument #1 to 'ipairs' (table expected, got no value)", ipairs)
t.raises("table expected, got string", pairs, "x")
--== raw access
local proxy = setmetatable({}, { __index = function() return "mt" end, __newindex = function() error("no") end, __eq = function() return true end })
t.eq(proxy.x, "mt") t.eq(rawget(proxy, "x"), nil) rawset(proxy, "x", 1) t.eq(proxy.x, 1) t.eq(rawequal(proxy, {}), false)
t.raises("table index is nil", rawset, {}, nil, 1) t.raises("table index is NaN", rawset, {}, 0 / 0, 1)
--== metatables
local mt = {}
local x = setmetatable({}, mt)
t.eq(getmetatable(x) == mt, true) t.eq(getmetatable({}), nil)
setmetatable(x, nil) t.eq(getmetatable(x), nil)
mt.__metatable = "mine" setmetatable(x, mt) t.eq(getmetatable(x), "mine")
t.raises("cannot change a protected metatable", setmetatable, x, {})
t.raises("bad argument #1 to 'setmetatable' (table expected, got string)", setmetatable, "x", {})
t.raises("nil or table expected", setmetatable, {}, 1) t.raises("nil or table expected", setmetatable, {})
t.eq(getmetatable("").__index == string, true)
--== metamethods
local v = setmetatable({ 1 }, { __add = function(a, b) return "add" end, __concat = function() return "cat" end, __call = function(self, x) return x end,
  __len = function() return 7 end, __unm = function() return "neg" end, __lt = function() return true end, __le = function() return false end })
t.eq(v + 1, "add") t.eq(1 + v, "add") t.eq(v .. "x", "cat") t.eq("x" .. v, "cat") t.eq(v(5), 5) t.eq(-v, "neg") t.eq(v < v, true) t.eq(v <= v, false)
--== what is not there
for _, name in ipairs({ "dofile", "loadfile", "module", "collectgarbage", "newproxy", "getfenv", "setfenv", "os", "io", "debug", "package", "channel", "_printregs", "_GOPHER_LUA_VERSION" }) do
  t.eq(_G[name], nil)
end
t.eq(_VERSION, "Lua 5.1") t.eq(_G._G == _G, true)
--== load and loadstring
t.eq(loadstring("return 1 + 1")(), 2) t.eq(load("return ...")(5), 5)
local pieces = { "return ", "4", "2" }
local i = 0
t.eq(load(function() i = i + 1 return pieces[i] end)(), 42)
t.all(t.pack(loadstring("x =")), nil, '[string "x ="]:1: unexpected end of the text: the text ends in the middle of a statement')
t.all(t.pack(loadstring("\27Lua")), nil, '[string "\27Lua"]: this is compiled Lua; only text is accepted')
t.all(t.pack(load(function() return true end)), nil, "reader function must return a string")
do local parts = { "return ", 5 } t.eq(load(function() return table.remove(parts, 1) end)(), 5) end
local f = loadstring("error('inside')", "=mine")
local ok, message = pcall(f)
t.eq(message, "mine:1: inside")
loaded_global = 1
t.eq(loadstring("return loaded_global")(), 1)
t.eq(select(2, loadstring(string.rep("x = 1 ", 20000))):find("at most 65536 are allowed") ~= nil, true)
--== strings are not functions of the machine
t.raises("unable to dump given function", string.dump, function() end)
--== math
t.eq(math.floor(-1.5), -2) t.eq(math.ceil(1.2), 2) t.eq(math.max(1, 3, 2), 3) t.eq(math.min(3, 1, 2), 1) t.eq(math.huge, 1 / 0)
t.eq(math.fmod(-5, 3), -2) t.eq(-5 % 3, 1) t.eq(math.abs(-1), 1) t.eq(math.sqrt(16), 4) t.eq(math.pow(2, 10), 1024)
t.all(t.pack(math.modf(3.7)), 3, 0.7000000000000002) t.all(t.pack(math.frexp(8)), 0.5, 4) t.eq(math.ldexp(0.5, 4), 8)
t.eq(math.floor("3.7"), 3) t.raises("number expected, got no value", math.max) t.raises("number expected, got string", math.floor, "x")
--== random is the run's own
local a = { math.random(), math.random(10), math.random(5, 6) }
t.eq(a[1] >= 0 and a[1] < 1, true) t.eq(a[2] >= 1 and a[2] <= 10, true) t.eq(a[3] == 5 or a[3] == 6, true)
t.raises("interval is empty", math.random, 0) t.raises("interval is empty", math.random, 2, 1)
math.randomseed(42) local x = math.random() math.randomseed(42) t.eq(math.random(), x)
--== goto and closures
local fs = {}
for i = 1, 3 do
  if i == 2 then goto continue end
  fs[#fs + 1] = function() return i end
  ::continue::
end
t.eq(fs[1](), 1) t.eq(fs[2](), 3)
--== the old arg table
local function f(...) return arg.n end
t.eq(f(1, nil, 3), 3)
--== large keys are no large arrays
local sparse = {}
sparse[60000000] = 1 sparse[0xFF0000] = 2 sparse[1e15] = 3 sparse[2 ^ 53] = 4
t.eq(sparse[60000000], 1) t.eq(sparse[16711680], 2) t.eq(sparse[1e15], 3) t.eq(#sparse, 0)
--== numbers
t.eq(0x10, 16) t.eq(1e3, 1000) t.eq("10" + 5, 15) t.eq(10 .. "", "10") t.eq(2 ^ 10, 1024) t.eq(7 % 3, 1) t.eq(1 / 0 > 0, true)
--== goto closes the variables that end, and no others
local x = 1
local function get() x = x + 1 return x end
goto l
::l::
x = 10
t.eq(get(), 11) t.eq(x, 11)
do
  local n = 0
  local function inc() n = n + 1 return n end
  ::top::
  inc()
  if n < 5 then goto top end
  t.eq(n, 5) t.eq(inc(), 6)
end
local fs = {}
for i = 1, 3 do
  local v = i * 10
  fs[i] = function() v = v + 1 return v end
  if i == 2 then local w = v fs.w = function() w = w + 1 return w end goto continue end
  v = v + 5
  ::continue::
end
t.eq(fs[1](), 16) t.eq(fs[2](), 21) t.eq(fs[3](), 36) t.eq(fs.w(), 21) t.eq(fs[2](), 22)
local k = 0
::again::
local each = k
fs[k] = function() each = each + 1 return each end
k = k + 1
if k < 3 then goto again end
t.eq(fs[0](), 1) t.eq(fs[1](), 2) t.eq(fs[2](), 3) t.eq(fs[0](), 2)
--== what follows a label may be a jump
local k, n = 0, 0
::top::
if false then k = 100 end
k = k + 1
n = n + 1
if n > 20 then error("it runs away") end
if k < 3 then goto top end
t.eq(n, 3)
::once::
do local z = n == (true or print()) if n < 9 then n = n + 1 goto once end end
t.eq(n, 9)
--== goto in loops, with breaks and jumps around
local print = function(name, ...) t.told = t.told or {} t.told[#t.told + 1] = table.concat({ name, ... }, ' ') end
do

for i = 1, 1 do
  if i == 5 then local q = 1; local z = function() return q end; break end
  local f; local x = 1
  f = function() x = x + 1; return x end
  goto skip
  ::skip::
  f()
  print("a", x)
  print("a2", f(), x)
end
end
do
local n = 0
while true do
  if false then end
  local f; local x = 1
  f = function() x = x + 1; return x end
  goto skip
  ::skip::
  f()
  print("b", x)
  if n == 0 then break end
end
end
do
local n = 0
for i = 1, 1 do
  if i == 5 then local q = 1; local z = function() return q end; break end
  local f; local x = 1
  f = function() x = x + 1; return x end
  ::again::
  f()
  n = n + 1
  local y = n
  local g = function() return y end
  if n < 3 then goto again end
  print("c", x, n)
end
end
do
repeat
  if false then end
  local f; local x = 1
  f = function() x = x + 1; return x end
  goto skip
  ::skip::
  f()
  print("d", x)
until true
end
do
do
  local f; local x = 1
  f = function() x = x + 1; return x end
  goto skip
  ::skip::
  f()
  print("e", x)
end
end
do
for j = 1, 2 do
  if j == 5 then local q = 1; local z = function() return q end; break end
  local fs = {}
  local i = 0
  while true do
    if false then end
    i = i + 1
    if i > 3 then local e = 1; local z = function() return e end; break end
    local f; local x = i
    f = function() x = x + 1; return x end
    fs[i] = f
    if x == 2 then goto continue end
    goto on
    ::on::
    f() print("x", i, x) -- i+1
    ::continue::
  end
  print("fs", fs[1](), fs[2](), fs[3](), j)
  local w; local y = 10
  w = function() y = y + 1 return y end
  goto out
  ::out::
  w() print("y", y)
end
end
t.eq(table.concat(t.told, ","), "a 2,a2 3 3,b 2,c 4 3,d 2,e 2,x 1 2,x 3 4,fs 3 3 5 1,y 11,x 1 2,x 3 4,fs 3 3 5 2,y 11")
