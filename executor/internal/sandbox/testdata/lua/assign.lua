--== swapped locals
local a, b = 1, 2
a, b = b, a
t.eq({ a, b }, { 2, 1 })
local c = 3
a, b, c = c, a, b
t.eq({ a, b, c }, { 3, 2, 1 })

--== numbers of Fibonacci
local a, b = 0, 1
for i = 1, 10 do a, b = b, a + b end
t.eq(a, 55)

--== the greatest common divisor
local a, b = 12, 18
while b ~= 0 do a, b = b, a % b end
t.eq(a, 6)

--== a list is turned around
local list
for i = 1, 3 do list = { v = i, next = list } end
local prev, node = nil, list
while node do node.next, prev, node = prev, node, node.next end
t.eq({ prev.v, prev.next.v, prev.next.next.v, prev.next.next.next }, { 1, 2, 3 })

--== tables and keys are those from before
local a, i = { 1, 2 }, 1
local old = a
a.x, a = 1, {}
t.eq({ old.x, a.x }, { 1 })
a, a.y = old, 2
t.eq({ old.y, a.y == nil }, { nil, true })
i, a[i] = i + 1, 20
t.eq({ i, old[1] }, { 2, 20 })
a[i], i = "two", 7
t.eq({ i, old[2] }, { 7, "two" })
old[1], old[2] = old[2], old[1]
t.eq({ old[1], old[2] }, { "two", 20 })

--== globals, upvalues and fields
local up = { n = 1 }
local function f()
  up, g = { n = 2 }, up
  up.n, g.n = g.n, up.n
  return up.n, g.n
end
t.eq({ f() }, { 1, 2 })
g, h = 1, 2
g, h = h, g
t.eq({ g, h }, { 2, 1 })

--== stored last target first
local log = {}
local w = setmetatable({}, { __newindex = function(_, k) log[#log + 1] = k end })
w.a, w.b, w.c = 1, 2, 3
t.eq(log, { "c", "b", "a" })
local x
x, x = 1, 2
t.eq(x, 1)

--== evaluated from the left
local log = {}
local function say(v) log[#log + 1] = tostring(v) return v end
local o = {}
say(o)[say("k")], say(o).l, o[say("m")] = say(1), say(2), say(3), say("more")
table.remove(log, 1) table.remove(log, 2)
t.eq(log, { "k", "m", "1", "2", "3", "more" })
t.eq({ o.k, o.l, o.m }, { 1, 2, 3 })

--== as many values as there are
local function three() return 1, 2, 3 end
local function va(...)
  local a, b, c, d
  a, b, c, d = ...
  return a, b, c, d
end
local a, b, c, d = 9, 9, 9, 9
a, b = three()
t.eq({ a, b }, { 1, 2 })
a, b, c, d = 0, three()
t.eq({ a, b, c, d }, { 0, 1, 2, 3 })
a, b, c = three(), 5
t.eq({ a, b, c }, { 1, 5 })
a, b, c = (three())
t.eq({ a, b, c }, { 1 })
a, b = 1, 2, three()
t.eq({ a, b }, { 1, 2 })
a, b, c, d = three()
t.eq({ a, b, c, d }, { 1, 2, 3 })
t.eq({ va(4, 5) }, { 4, 5 })
a, b = 7
t.eq({ a, b }, { 7 })
a, b, c = 1, 2, b == nil and "was nil"
t.eq(c, "was nil")

--== a call in parentheses gives a parameter its value
local function f(a) a = (tostring(a)) return a end
t.eq(f(5), "5")
local function g(a) local b a, b = tostring(a), 1 return a end
t.eq(g(5), "5")
local function k(a) a = tostring(a), 1 return a end
t.eq(k(5), "5")
local u = {}
local function h(a, ...) u.x, a = 1, (...) return a end
t.eq({ h(5, 6, 7), u.x }, { 6, 1 })

--== a condition gives its value
local function no() return nil end
local function yes() return 7 end
local c, d = 1, 1
c = no() and 5
t.eq(c, nil)
c = 1; c = c and no() and yes()
t.eq(c, nil)
c = 1; c = yes() and no() or false
t.eq(c, false)
c = 1; c = math and math.pi > 4 and c
t.eq(c, false)
c = c or yes() and c or 3
t.eq(c, 3)
c, d = 2, no() and c
t.eq({ c, d }, { 2, nil })
c = yes() and c + 1
t.eq(c, 3)

--== a local that holds a function is not known in it
local tostring = function(v) return "<" .. tostring(v) .. ">" end
t.eq(tostring(5), "<5>")
local later = function() return later end
t.eq(later(), nil)
local function known() return known end
t.eq(known(), known)
local n = 0
local deep = function() return function() return function() n = n + 1 return deep end end end
t.eq(deep()()(), nil)

--== captured while it is assigned
local fs = {}
for i = 1, 3 do
  local a, b = i, i * 10
  a, b = function() return b end, a
  fs[i] = a
end
t.eq({ fs[1](), fs[2](), fs[3]() }, { 1, 2, 3 })

--== near the limit of local variables
local names, values = {}, {}
for i = 1, 180 do names[i], values[i] = "v" .. i, i end
local text = "local " .. table.concat(names, ",") .. " = " .. table.concat(values, ",") ..
  " v1, v2, v3, v4, v5, v6 = v6, v5, v4, v3, v2, v1 return v1, v6"
t.eq({ assert(loadstring(text))() }, { 6, 1 })

--== the line is that of the target
local a = {}
a.x,
  a.y.z, --> attempt to index
  a = 1, 2, 3

--== at most 200 targets
local text = ("a,"):rep(200) .. "a = 1"
local f, message = loadstring(text, "=t")
t.eq({ f, message }, { nil, "t:1: an assignment has 201 variables, at most 200 are allowed" })

--== a loop may begin with a condition that is decided
local n = 0
for _, v in ipairs { 1, 2, 3 } do if false then n = 100 end n = n + v end
t.eq(n, 6)
n = 0
repeat if nil then n = 100 end n = n + 1 until n > 3
t.eq(n, 4)
n = 0
while true do if not true then n = 100 end n = n + 1 if n > 3 then break end end
t.eq(n, 4)
n = 0
for _, v in ipairs { 1, 2 } do local x = false and v n = n + v if not (nil and x) or n > 5 then n = n + 1 end end
t.eq(n, 5)
while n < 8 do n = n + 1 while true do break end end
t.eq(n, 8)
