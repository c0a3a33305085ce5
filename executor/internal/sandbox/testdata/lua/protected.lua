--== pcall
t.all(t.pack(pcall(function() return 1, nil, 3 end)), true, 1, nil, 3) t.all(t.pack(pcall(function() end)), true) t.all(t.pack(pcall(function(...) return select("#", ...) end, 1, nil)), true, 2)
t.all(t.pack(pcall(nil)), false, "attempt to call a nil value") t.all(t.pack(pcall({})), false, "attempt to call a table value") t.all(t.pack(pcall(string.rep, "x", 3)), true, "xxx")
t.all(t.pack(pcall(setmetatable({}, { __call = function(self, x) return x end }), 5)), true, 5)
t.raises("bad argument #1 to 'pcall' (value expected)", pcall)
t.all(t.pack(pcall(pcall, error, "x")), true, false, "x")
--== variables that closures share stay shared (yuin/gopher-lua#448)
local n = 0
local function inc() n = n + 1 end
inc() pcall(error, "x") inc() t.eq(n, 2)
pcall(function() inc() error("y") end) t.eq(n, 3) inc() t.eq(n, 4)
local get, fail
do
  local inner = 1
  get = function() return inner end
  fail = function() inner = inner + 1 error("z") end
  pcall(fail) t.eq(inner, 2) inner = 10 t.eq(get(), 10) pcall(fail) t.eq(inner, 11)
end
t.eq(get(), 11)
--== variables made inside of a failed function stay with their closures
local keep
pcall(function() local x = 1 keep = function() x = x + 1 return x end error("gone") end)
t.eq(keep(), 2) t.eq(keep(), 3)
--== xpcall
t.all(t.pack(xpcall(function() error("boom", 0) end, function(m) return "handled " .. m end)), false, "handled boom")
t.all(t.pack(xpcall(function() return 1, 2 end, print)), true, 1, 2)
t.all(t.pack(xpcall(function() error("a") end, function() error("b") end)), false, "error in error handling")
t.all(t.pack(xpcall(nil, function(m) return m end)), false, "attempt to call a nil value")
--== yields go through pcall
local co = coroutine.wrap(function(...)
  local ok, a = pcall(function(x)
    local y = coroutine.yield(x + 1)
    local z = coroutine.yield(y * 2)
    error({ code = z })
  end, ...)
  return ok, a.code
end)
t.eq(co(1), 2) t.eq(co(10), 20) t.all(t.pack(co(7)), false, 7)
local co = coroutine.wrap(function() local r = t.pack(pcall(coroutine.yield)) t.all(r, true) coroutine.yield() return "end" end)
t.all(t.pack(co())) t.all(t.pack(co())) t.eq(co(), "end")
--== pcall in a coroutine in a pcall
local log = {}
local ok, r = pcall(function()
  local co = coroutine.create(function() pcall(function() coroutine.yield("one") error("two") end) coroutine.yield("three") error("four") end)
  repeat
    local fine, v = coroutine.resume(co)
    log[#log + 1] = tostring(v)
  until not fine
  return coroutine.status(co)
end)
t.eq(table.concat(log, " "), "one three init.lua:4: four") t.eq(r, "dead")
--== stack overflow is an error like others
local function f() return 1 + f() end
local ok, message = pcall(f)
t.eq(ok, false) t.eq(message:find("stack overflow") ~= nil, true)
local mt = {} mt.__index = function(self, k) return self[k .. "x"] end
local ok, message = pcall(function() return setmetatable({}, mt).a end)
t.eq(ok, false) t.eq(message:find("stack overflow") ~= nil, true)
local function g() pcall(g) end
g()
local depth = 0
local function rec(n) depth = n if n > 0 then rec(n - 1) end end
rec(900)
--== too many coroutines end the run
local function h() return coroutine.wrap(h)() end pcall(h) --> made more than 64 coroutines
--== stack overflow ends the run where nobody catches it
local function f() return 1 + f() end f() --> stack overflow
--== coroutines
local co = coroutine.create(function(a, b)
  local c = coroutine.yield(a + b)
  local d, e = coroutine.yield(c * 2)
  return d + e
end)
t.all(t.pack(coroutine.resume(co, 1, 2)), true, 3) t.eq(coroutine.status(co), "suspended") t.all(t.pack(coroutine.resume(co, 10)), true, 20)
t.all(t.pack(coroutine.resume(co, 3, 4)), true, 7) t.eq(coroutine.status(co), "dead") t.all(t.pack(coroutine.resume(co)), false, "cannot resume dead coroutine")
t.all(t.pack(coroutine.resume(coroutine.create(function() end))), true) t.all(t.pack(coroutine.resume(coroutine.create(function() return nil end))), true, nil)
t.all(t.pack(coroutine.resume(coroutine.create(function(...) return select("#", ...) end), nil, nil)), true, 2)
t.all(t.pack(coroutine.resume(coroutine.create(string.upper), "x")), true, "X")
t.raises("bad argument #1 to 'create' (function expected, got number)", coroutine.create, 1) t.raises("bad argument #1 to 'resume' (coroutine expected)", coroutine.resume, nil)
--== wrap adds where it was called
local ok, message = pcall(function() coroutine.wrap(function() error("inside") end)() end) t.eq(message, "init.lua:2: init.lua:2: inside")
local ok, message = pcall(coroutine.wrap(function() error("inside", 0) end)) t.eq(message, "inside")
--== the failure of a coroutine is where it was raised
local co = coroutine.wrap(function()
  error("inside") --> inside
end)
co()
--== wrap
local gen = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end)
local out = {} for v in gen do out[#out + 1] = v end t.eq(out, { 1, 2, 3 })
t.raises("cannot resume dead coroutine", gen)
t.raises("inside", coroutine.wrap(function() error("inside") end))
local value = {} local ok, e = pcall(coroutine.wrap(function() error(value) end)) t.eq(e == value, true)
--== status and running
t.eq(coroutine.running(), nil)
local outer
outer = coroutine.create(function()
  t.eq(coroutine.running() == outer, true) t.eq(coroutine.status(outer), "running")
  local inner = coroutine.create(function() t.eq(coroutine.status(outer), "normal") t.all(t.pack(coroutine.resume(outer)), false, "cannot resume normal coroutine") end)
  t.all(t.pack(coroutine.resume(inner)), true)
  pcall(function() t.eq(coroutine.running() == outer, true) t.eq(coroutine.status(outer), "running") end)
end)
t.all(t.pack(coroutine.resume(outer)), true)
--== a yield in pcall takes as many values as are wanted
for _, n in ipairs({ 0, 1, 3 }) do
  local co = coroutine.wrap(function()
    return pcall(function()
      local a, b = coroutine.yield()
      return a, b, select("#", (coroutine.yield())), select("#", coroutine.yield())
    end)
  end)
  co()
  co(unpack({ 7, 8, 9 }, 1, n))
  co(unpack({ 7, 8, 9 }, 1, n))
  local r = t.pack(co(unpack({ 7, 8, 9 }, 1, n)))
  t.all(r, true, n > 0 and 7 or nil, n > 1 and 8 or nil, 1, n)
end

--== yield where there is nothing to yield to
t.raises("attempt to yield from outside a coroutine", coroutine.yield)
coroutine.yield(1) --> attempt to yield from outside a coroutine
--== yield across what cannot be left
local function across(f) local ok, m = coroutine.resume(coroutine.create(f)) t.eq(ok, false) t.eq(m:find("attempt to yield across metamethod/C-call boundary", 1, true) ~= nil, true) end
across(function() table.sort({ 1, 2, 3 }, function() coroutine.yield() end) end)
across(function() (("x"):gsub("x", function() coroutine.yield() end)) end)
across(function() return setmetatable({}, { __index = function() coroutine.yield() end }).x end)
across(function() return setmetatable({}, { __add = function() coroutine.yield() end }) + 1 end)
across(function() for x in function() coroutine.yield() end do end end)
across(function() tostring(setmetatable({}, { __tostring = function() coroutine.yield() end })) end)
across(function() load(function() coroutine.yield() end) end)
--== yield in a generic for over a coroutine
local function range(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i) end end) end
local sum = 0 for i in range(10) do for j in range(2) do sum = sum + i * j end end t.eq(sum, 165)
--== upvalues of coroutines
local n = 0
local co = coroutine.wrap(function() while true do n = n + 1 coroutine.yield() end end)
co() co() n = n + 10 co() t.eq(n, 13)
--== abandoned coroutines do not count
for i = 1, 500 do local g = coroutine.wrap(function() coroutine.yield(1) end) g() end
--== an error in a coroutine has its own place and trace
local co = coroutine.wrap(function()
  local x = nil
  return x.y --> attempt to index
end)
co()
--== errors that are raised again keep their place
local ok, e = pcall(function() error("first") end) --> first
error(e, 0)
