local x, n = true, 0
while false or x do n = n + 1 if n > 3 then x = false end end
print(n)
local function f() return 1, 2 end
print(true and f())
print((false or f()), nil or f())
print(false and f(), nil and 1, 1 and 2 and f(), "" or f())
local function v(...) return true and ..., false or ... end
print(v(7, 8, 9))
print(not nil, not 0, not not false, not (1 and nil))
local i = 0
repeat i = i + 1 until false or i > 4
print(i)
repeat i = i - 1 until (nil or i < 2) and true
print(i)
while true and (i < 9 and true or false) do i = i + 1 if not false and i == 6 then break end end
print(i)
for _ = 1, 2 do while nil or false do print "never" end if false or nil then print "no" elseif true and 1 then print "yes" end end
for _ = 1, 2 do while false and print("x") do end end
local a a = true and f() print(a)
local t = { true and f(), false or f(), nil and f() } print(#t, t[1], t[2], t[3])
t.x, t.y = true and f(), false or f() print(t.x, t.y)
print(-1 and 5, -1 or 5)
local s = ("x"):rep(3) or false print(s)
print(1 == 1 and "a" or "b", nil == false or "c")
if not (false or not x) then print "odd" else print "even" end
