-- Conditions with constants in every kind of statement.
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
do local function f() do local k, x, y = 0, true, false while false or x do k = k + 1 if k > 3 then x = false y = not y end if k > 9 then break end end print(1, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while false or x do k = k + 1 if k > 3 then x = false y = not y end if k > 9 then break end end print(2, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false repeat k = k + 1 if k > 3 then x = true end if k > 9 then break end until false or x print(3, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true repeat k = k + 1 if k > 3 then x = true end if k > 9 then break end until false or x print(4, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false if false or x then k = k + 10 else k = k + 100 end print(5, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true if false or x then k = k + 10 else k = k + 100 end print(6, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for i = 1, 3 do while false or x do k = k + 1 if k > 3 then x = false y = true end if k > 9 then break end end end print(7, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for i = 1, 3 do while false or x do k = k + 1 if k > 3 then x = false y = true end if k > 9 then break end end end print(8, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 5 do k = k + 1 while false or x do k = k + 1 x = not x if k > 20 then break end end end print(9, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 5 do k = k + 1 while false or x do k = k + 1 x = not x if k > 20 then break end end end print(10, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while true do while false or x do k = k + 1 x = not x if k > 20 then break end end k = k + 1 if k > 8 then break end end print(11, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while true do while false or x do k = k + 1 x = not x if k > 20 then break end end k = k + 1 if k > 8 then break end end print(12, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for i = 1, 3 do if false or x then k = k + 1 else k = k + 7 end end print(13, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for i = 1, 3 do if false or x then k = k + 1 else k = k + 7 end end print(14, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false repeat if false or x then k = k + 1 else k = k + 7 end until k > 20 print(15, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true repeat if false or x then k = k + 1 else k = k + 7 end until k > 20 print(16, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 20 do if false or x then k = k + 1 else k = k + 7 end end print(17, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 20 do if false or x then k = k + 1 else k = k + 7 end end print(18, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 20 do local z = false or x k = k + (z and 1 or 7) end print(19, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 20 do local z = false or x k = k + (z and 1 or 7) end print(20, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for _, q in ipairs{1,2,3} do while false or x do k = k + q x = false y = true if k > 30 then break end end end print(21, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for _, q in ipairs{1,2,3} do while false or x do k = k + q x = false y = true if k > 30 then break end end end print(22, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while nil or x do k = k + 1 if k > 3 then x = false y = not y end if k > 9 then break end end print(23, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while nil or x do k = k + 1 if k > 3 then x = false y = not y end if k > 9 then break end end print(24, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false repeat k = k + 1 if k > 3 then x = true end if k > 9 then break end until nil or x print(25, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true repeat k = k + 1 if k > 3 then x = true end if k > 9 then break end until nil or x print(26, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false if nil or x then k = k + 10 else k = k + 100 end print(27, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true if nil or x then k = k + 10 else k = k + 100 end print(28, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for i = 1, 3 do while nil or x do k = k + 1 if k > 3 then x = false y = true end if k > 9 then break end end end print(29, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for i = 1, 3 do while nil or x do k = k + 1 if k > 3 then x = false y = true end if k > 9 then break end end end print(30, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 5 do k = k + 1 while nil or x do k = k + 1 x = not x if k > 20 then break end end end print(31, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 5 do k = k + 1 while nil or x do k = k + 1 x = not x if k > 20 then break end end end print(32, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while true do while nil or x do k = k + 1 x = not x if k > 20 then break end end k = k + 1 if k > 8 then break end end print(33, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while true do while nil or x do k = k + 1 x = not x if k > 20 then break end end k = k + 1 if k > 8 then break end end print(34, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for i = 1, 3 do if nil or x then k = k + 1 else k = k + 7 end end print(35, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for i = 1, 3 do if nil or x then k = k + 1 else k = k + 7 end end print(36, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false repeat if nil or x then k = k + 1 else k = k + 7 end until k > 20 print(37, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true repeat if nil or x then k = k + 1 else k = k + 7 end until k > 20 print(38, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 20 do if nil or x then k = k + 1 else k = k + 7 end end print(39, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 20 do if nil or x then k = k + 1 else k = k + 7 end end print(40, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 20 do local z = nil or x k = k + (z and 1 or 7) end print(41, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 20 do local z = nil or x k = k + (z and 1 or 7) end print(42, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for _, q in ipairs{1,2,3} do while nil or x do k = k + q x = false y = true if k > 30 then break end end end print(43, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for _, q in ipairs{1,2,3} do while nil or x do k = k + q x = false y = true if k > 30 then break end end end print(44, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while x or false do k = k + 1 if k > 3 then x = false y = not y end if k > 9 then break end end print(45, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while x or false do k = k + 1 if k > 3 then x = false y = not y end if k > 9 then break end end print(46, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false repeat k = k + 1 if k > 3 then x = true end if k > 9 then break end until x or false print(47, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true repeat k = k + 1 if k > 3 then x = true end if k > 9 then break end until x or false print(48, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false if x or false then k = k + 10 else k = k + 100 end print(49, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true if x or false then k = k + 10 else k = k + 100 end print(50, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for i = 1, 3 do while x or false do k = k + 1 if k > 3 then x = false y = true end if k > 9 then break end end end print(51, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for i = 1, 3 do while x or false do k = k + 1 if k > 3 then x = false y = true end if k > 9 then break end end end print(52, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 5 do k = k + 1 while x or false do k = k + 1 x = not x if k > 20 then break end end end print(53, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 5 do k = k + 1 while x or false do k = k + 1 x = not x if k > 20 then break end end end print(54, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while true do while x or false do k = k + 1 x = not x if k > 20 then break end end k = k + 1 if k > 8 then break end end print(55, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while true do while x or false do k = k + 1 x = not x if k > 20 then break end end k = k + 1 if k > 8 then break end end print(56, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for i = 1, 3 do if x or false then k = k + 1 else k = k + 7 end end print(57, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for i = 1, 3 do if x or false then k = k + 1 else k = k + 7 end end print(58, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false repeat if x or false then k = k + 1 else k = k + 7 end until k > 20 print(59, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true repeat if x or false then k = k + 1 else k = k + 7 end until k > 20 print(60, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 20 do if x or false then k = k + 1 else k = k + 7 end end print(61, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 20 do if x or false then k = k + 1 else k = k + 7 end end print(62, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 20 do local z = x or false k = k + (z and 1 or 7) end print(63, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 20 do local z = x or false k = k + (z and 1 or 7) end print(64, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for _, q in ipairs{1,2,3} do while x or false do k = k + q x = false y = true if k > 30 then break end end end print(65, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for _, q in ipairs{1,2,3} do while x or false do k = k + q x = false y = true if k > 30 then break end end end print(66, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while true and x do k = k + 1 if k > 3 then x = false y = not y end if k > 9 then break end end print(67, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while true and x do k = k + 1 if k > 3 then x = false y = not y end if k > 9 then break end end print(68, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false repeat k = k + 1 if k > 3 then x = true end if k > 9 then break end until true and x print(69, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true repeat k = k + 1 if k > 3 then x = true end if k > 9 then break end until true and x print(70, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false if true and x then k = k + 10 else k = k + 100 end print(71, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true if true and x then k = k + 10 else k = k + 100 end print(72, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for i = 1, 3 do while true and x do k = k + 1 if k > 3 then x = false y = true end if k > 9 then break end end end print(73, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for i = 1, 3 do while true and x do k = k + 1 if k > 3 then x = false y = true end if k > 9 then break end end end print(74, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 5 do k = k + 1 while true and x do k = k + 1 x = not x if k > 20 then break end end end print(75, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 5 do k = k + 1 while true and x do k = k + 1 x = not x if k > 20 then break end end end print(76, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while true do while true and x do k = k + 1 x = not x if k > 20 then break end end k = k + 1 if k > 8 then break end end print(77, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while true do while true and x do k = k + 1 x = not x if k > 20 then break end end k = k + 1 if k > 8 then break end end print(78, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for i = 1, 3 do if true and x then k = k + 1 else k = k + 7 end end print(79, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for i = 1, 3 do if true and x then k = k + 1 else k = k + 7 end end print(80, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false repeat if true and x then k = k + 1 else k = k + 7 end until k > 20 print(81, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true repeat if true and x then k = k + 1 else k = k + 7 end until k > 20 print(82, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 20 do if true and x then k = k + 1 else k = k + 7 end end print(83, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 20 do if true and x then k = k + 1 else k = k + 7 end end print(84, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 20 do local z = true and x k = k + (z and 1 or 7) end print(85, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 20 do local z = true and x k = k + (z and 1 or 7) end print(86, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for _, q in ipairs{1,2,3} do while true and x do k = k + q x = false y = true if k > 30 then break end end end print(87, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for _, q in ipairs{1,2,3} do while true and x do k = k + q x = false y = true if k > 30 then break end end end print(88, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while not not (false or x) do k = k + 1 if k > 3 then x = false y = not y end if k > 9 then break end end print(89, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while not not (false or x) do k = k + 1 if k > 3 then x = false y = not y end if k > 9 then break end end print(90, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false repeat k = k + 1 if k > 3 then x = true end if k > 9 then break end until not not (false or x) print(91, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true repeat k = k + 1 if k > 3 then x = true end if k > 9 then break end until not not (false or x) print(92, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false if not not (false or x) then k = k + 10 else k = k + 100 end print(93, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true if not not (false or x) then k = k + 10 else k = k + 100 end print(94, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for i = 1, 3 do while not not (false or x) do k = k + 1 if k > 3 then x = false y = true end if k > 9 then break end end end print(95, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for i = 1, 3 do while not not (false or x) do k = k + 1 if k > 3 then x = false y = true end if k > 9 then break end end end print(96, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 5 do k = k + 1 while not not (false or x) do k = k + 1 x = not x if k > 20 then break end end end print(97, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 5 do k = k + 1 while not not (false or x) do k = k + 1 x = not x if k > 20 then break end end end print(98, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while true do while not not (false or x) do k = k + 1 x = not x if k > 20 then break end end k = k + 1 if k > 8 then break end end print(99, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while true do while not not (false or x) do k = k + 1 x = not x if k > 20 then break end end k = k + 1 if k > 8 then break end end print(100, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for i = 1, 3 do if not not (false or x) then k = k + 1 else k = k + 7 end end print(101, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for i = 1, 3 do if not not (false or x) then k = k + 1 else k = k + 7 end end print(102, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false repeat if not not (false or x) then k = k + 1 else k = k + 7 end until k > 20 print(103, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true repeat if not not (false or x) then k = k + 1 else k = k + 7 end until k > 20 print(104, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 20 do if not not (false or x) then k = k + 1 else k = k + 7 end end print(105, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 20 do if not not (false or x) then k = k + 1 else k = k + 7 end end print(106, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 20 do local z = not not (false or x) k = k + (z and 1 or 7) end print(107, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 20 do local z = not not (false or x) k = k + (z and 1 or 7) end print(108, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for _, q in ipairs{1,2,3} do while not not (false or x) do k = k + q x = false y = true if k > 30 then break end end end print(109, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for _, q in ipairs{1,2,3} do while not not (false or x) do k = k + q x = false y = true if k > 30 then break end end end print(110, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while (false or x) and true do k = k + 1 if k > 3 then x = false y = not y end if k > 9 then break end end print(111, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while (false or x) and true do k = k + 1 if k > 3 then x = false y = not y end if k > 9 then break end end print(112, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false repeat k = k + 1 if k > 3 then x = true end if k > 9 then break end until (false or x) and true print(113, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true repeat k = k + 1 if k > 3 then x = true end if k > 9 then break end until (false or x) and true print(114, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false if (false or x) and true then k = k + 10 else k = k + 100 end print(115, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true if (false or x) and true then k = k + 10 else k = k + 100 end print(116, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for i = 1, 3 do while (false or x) and true do k = k + 1 if k > 3 then x = false y = true end if k > 9 then break end end end print(117, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for i = 1, 3 do while (false or x) and true do k = k + 1 if k > 3 then x = false y = true end if k > 9 then break end end end print(118, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 5 do k = k + 1 while (false or x) and true do k = k + 1 x = not x if k > 20 then break end end end print(119, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 5 do k = k + 1 while (false or x) and true do k = k + 1 x = not x if k > 20 then break end end end print(120, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while true do while (false or x) and true do k = k + 1 x = not x if k > 20 then break end end k = k + 1 if k > 8 then break end end print(121, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while true do while (false or x) and true do k = k + 1 x = not x if k > 20 then break end end k = k + 1 if k > 8 then break end end print(122, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for i = 1, 3 do if (false or x) and true then k = k + 1 else k = k + 7 end end print(123, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for i = 1, 3 do if (false or x) and true then k = k + 1 else k = k + 7 end end print(124, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false repeat if (false or x) and true then k = k + 1 else k = k + 7 end until k > 20 print(125, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true repeat if (false or x) and true then k = k + 1 else k = k + 7 end until k > 20 print(126, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 20 do if (false or x) and true then k = k + 1 else k = k + 7 end end print(127, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 20 do if (false or x) and true then k = k + 1 else k = k + 7 end end print(128, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 20 do local z = (false or x) and true k = k + (z and 1 or 7) end print(129, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 20 do local z = (false or x) and true k = k + (z and 1 or 7) end print(130, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for _, q in ipairs{1,2,3} do while (false or x) and true do k = k + q x = false y = true if k > 30 then break end end end print(131, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for _, q in ipairs{1,2,3} do while (false or x) and true do k = k + q x = false y = true if k > 30 then break end end end print(132, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while false or x and y do k = k + 1 if k > 3 then x = false y = not y end if k > 9 then break end end print(133, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while false or x and y do k = k + 1 if k > 3 then x = false y = not y end if k > 9 then break end end print(134, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false repeat k = k + 1 if k > 3 then x = true end if k > 9 then break end until false or x and y print(135, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true repeat k = k + 1 if k > 3 then x = true end if k > 9 then break end until false or x and y print(136, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false if false or x and y then k = k + 10 else k = k + 100 end print(137, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true if false or x and y then k = k + 10 else k = k + 100 end print(138, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for i = 1, 3 do while false or x and y do k = k + 1 if k > 3 then x = false y = true end if k > 9 then break end end end print(139, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for i = 1, 3 do while false or x and y do k = k + 1 if k > 3 then x = false y = true end if k > 9 then break end end end print(140, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 5 do k = k + 1 while false or x and y do k = k + 1 x = not x if k > 20 then break end end end print(141, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 5 do k = k + 1 while false or x and y do k = k + 1 x = not x if k > 20 then break end end end print(142, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while true do while false or x and y do k = k + 1 x = not x if k > 20 then break end end k = k + 1 if k > 8 then break end end print(143, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while true do while false or x and y do k = k + 1 x = not x if k > 20 then break end end k = k + 1 if k > 8 then break end end print(144, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for i = 1, 3 do if false or x and y then k = k + 1 else k = k + 7 end end print(145, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for i = 1, 3 do if false or x and y then k = k + 1 else k = k + 7 end end print(146, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false repeat if false or x and y then k = k + 1 else k = k + 7 end until k > 20 print(147, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true repeat if false or x and y then k = k + 1 else k = k + 7 end until k > 20 print(148, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 20 do if false or x and y then k = k + 1 else k = k + 7 end end print(149, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 20 do if false or x and y then k = k + 1 else k = k + 7 end end print(150, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 20 do local z = false or x and y k = k + (z and 1 or 7) end print(151, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 20 do local z = false or x and y k = k + (z and 1 or 7) end print(152, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for _, q in ipairs{1,2,3} do while false or x and y do k = k + q x = false y = true if k > 30 then break end end end print(153, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for _, q in ipairs{1,2,3} do while false or x and y do k = k + q x = false y = true if k > 30 then break end end end print(154, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while (false or x) or y do k = k + 1 if k > 3 then x = false y = not y end if k > 9 then break end end print(155, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while (false or x) or y do k = k + 1 if k > 3 then x = false y = not y end if k > 9 then break end end print(156, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false repeat k = k + 1 if k > 3 then x = true end if k > 9 then break end until (false or x) or y print(157, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true repeat k = k + 1 if k > 3 then x = true end if k > 9 then break end until (false or x) or y print(158, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false if (false or x) or y then k = k + 10 else k = k + 100 end print(159, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true if (false or x) or y then k = k + 10 else k = k + 100 end print(160, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for i = 1, 3 do while (false or x) or y do k = k + 1 if k > 3 then x = false y = true end if k > 9 then break end end end print(161, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for i = 1, 3 do while (false or x) or y do k = k + 1 if k > 3 then x = false y = true end if k > 9 then break end end end print(162, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 5 do k = k + 1 while (false or x) or y do k = k + 1 x = not x if k > 20 then break end end end print(163, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 5 do k = k + 1 while (false or x) or y do k = k + 1 x = not x if k > 20 then break end end end print(164, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while true do while (false or x) or y do k = k + 1 x = not x if k > 20 then break end end k = k + 1 if k > 8 then break end end print(165, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while true do while (false or x) or y do k = k + 1 x = not x if k > 20 then break end end k = k + 1 if k > 8 then break end end print(166, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for i = 1, 3 do if (false or x) or y then k = k + 1 else k = k + 7 end end print(167, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for i = 1, 3 do if (false or x) or y then k = k + 1 else k = k + 7 end end print(168, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false repeat if (false or x) or y then k = k + 1 else k = k + 7 end until k > 20 print(169, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true repeat if (false or x) or y then k = k + 1 else k = k + 7 end until k > 20 print(170, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 20 do if (false or x) or y then k = k + 1 else k = k + 7 end end print(171, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 20 do if (false or x) or y then k = k + 1 else k = k + 7 end end print(172, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 20 do local z = (false or x) or y k = k + (z and 1 or 7) end print(173, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 20 do local z = (false or x) or y k = k + (z and 1 or 7) end print(174, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for _, q in ipairs{1,2,3} do while (false or x) or y do k = k + q x = false y = true if k > 30 then break end end end print(175, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for _, q in ipairs{1,2,3} do while (false or x) or y do k = k + q x = false y = true if k > 30 then break end end end print(176, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while not (true and not x) do k = k + 1 if k > 3 then x = false y = not y end if k > 9 then break end end print(177, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while not (true and not x) do k = k + 1 if k > 3 then x = false y = not y end if k > 9 then break end end print(178, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false repeat k = k + 1 if k > 3 then x = true end if k > 9 then break end until not (true and not x) print(179, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true repeat k = k + 1 if k > 3 then x = true end if k > 9 then break end until not (true and not x) print(180, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false if not (true and not x) then k = k + 10 else k = k + 100 end print(181, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true if not (true and not x) then k = k + 10 else k = k + 100 end print(182, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for i = 1, 3 do while not (true and not x) do k = k + 1 if k > 3 then x = false y = true end if k > 9 then break end end end print(183, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for i = 1, 3 do while not (true and not x) do k = k + 1 if k > 3 then x = false y = true end if k > 9 then break end end end print(184, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 5 do k = k + 1 while not (true and not x) do k = k + 1 x = not x if k > 20 then break end end end print(185, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 5 do k = k + 1 while not (true and not x) do k = k + 1 x = not x if k > 20 then break end end end print(186, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while true do while not (true and not x) do k = k + 1 x = not x if k > 20 then break end end k = k + 1 if k > 8 then break end end print(187, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while true do while not (true and not x) do k = k + 1 x = not x if k > 20 then break end end k = k + 1 if k > 8 then break end end print(188, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for i = 1, 3 do if not (true and not x) then k = k + 1 else k = k + 7 end end print(189, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for i = 1, 3 do if not (true and not x) then k = k + 1 else k = k + 7 end end print(190, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false repeat if not (true and not x) then k = k + 1 else k = k + 7 end until k > 20 print(191, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true repeat if not (true and not x) then k = k + 1 else k = k + 7 end until k > 20 print(192, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 20 do if not (true and not x) then k = k + 1 else k = k + 7 end end print(193, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 20 do if not (true and not x) then k = k + 1 else k = k + 7 end end print(194, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 20 do local z = not (true and not x) k = k + (z and 1 or 7) end print(195, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 20 do local z = not (true and not x) k = k + (z and 1 or 7) end print(196, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for _, q in ipairs{1,2,3} do while not (true and not x) do k = k + q x = false y = true if k > 30 then break end end end print(197, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for _, q in ipairs{1,2,3} do while not (true and not x) do k = k + q x = false y = true if k > 30 then break end end end print(198, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while false or not y do k = k + 1 if k > 3 then x = false y = not y end if k > 9 then break end end print(199, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while false or not y do k = k + 1 if k > 3 then x = false y = not y end if k > 9 then break end end print(200, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false repeat k = k + 1 if k > 3 then x = true end if k > 9 then break end until false or not y print(201, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true repeat k = k + 1 if k > 3 then x = true end if k > 9 then break end until false or not y print(202, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false if false or not y then k = k + 10 else k = k + 100 end print(203, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true if false or not y then k = k + 10 else k = k + 100 end print(204, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for i = 1, 3 do while false or not y do k = k + 1 if k > 3 then x = false y = true end if k > 9 then break end end end print(205, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for i = 1, 3 do while false or not y do k = k + 1 if k > 3 then x = false y = true end if k > 9 then break end end end print(206, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 5 do k = k + 1 while false or not y do k = k + 1 x = not x if k > 20 then break end end end print(207, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 5 do k = k + 1 while false or not y do k = k + 1 x = not x if k > 20 then break end end end print(208, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while true do while false or not y do k = k + 1 x = not x if k > 20 then break end end k = k + 1 if k > 8 then break end end print(209, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while true do while false or not y do k = k + 1 x = not x if k > 20 then break end end k = k + 1 if k > 8 then break end end print(210, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for i = 1, 3 do if false or not y then k = k + 1 else k = k + 7 end end print(211, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for i = 1, 3 do if false or not y then k = k + 1 else k = k + 7 end end print(212, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false repeat if false or not y then k = k + 1 else k = k + 7 end until k > 20 print(213, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true repeat if false or not y then k = k + 1 else k = k + 7 end until k > 20 print(214, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 20 do if false or not y then k = k + 1 else k = k + 7 end end print(215, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 20 do if false or not y then k = k + 1 else k = k + 7 end end print(216, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 20 do local z = false or not y k = k + (z and 1 or 7) end print(217, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 20 do local z = false or not y k = k + (z and 1 or 7) end print(218, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for _, q in ipairs{1,2,3} do while false or not y do k = k + q x = false y = true if k > 30 then break end end end print(219, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for _, q in ipairs{1,2,3} do while false or not y do k = k + q x = false y = true if k > 30 then break end end end print(220, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while nil and y or x do k = k + 1 if k > 3 then x = false y = not y end if k > 9 then break end end print(221, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while nil and y or x do k = k + 1 if k > 3 then x = false y = not y end if k > 9 then break end end print(222, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false repeat k = k + 1 if k > 3 then x = true end if k > 9 then break end until nil and y or x print(223, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true repeat k = k + 1 if k > 3 then x = true end if k > 9 then break end until nil and y or x print(224, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false if nil and y or x then k = k + 10 else k = k + 100 end print(225, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true if nil and y or x then k = k + 10 else k = k + 100 end print(226, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for i = 1, 3 do while nil and y or x do k = k + 1 if k > 3 then x = false y = true end if k > 9 then break end end end print(227, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for i = 1, 3 do while nil and y or x do k = k + 1 if k > 3 then x = false y = true end if k > 9 then break end end end print(228, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 5 do k = k + 1 while nil and y or x do k = k + 1 x = not x if k > 20 then break end end end print(229, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 5 do k = k + 1 while nil and y or x do k = k + 1 x = not x if k > 20 then break end end end print(230, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while true do while nil and y or x do k = k + 1 x = not x if k > 20 then break end end k = k + 1 if k > 8 then break end end print(231, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while true do while nil and y or x do k = k + 1 x = not x if k > 20 then break end end k = k + 1 if k > 8 then break end end print(232, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for i = 1, 3 do if nil and y or x then k = k + 1 else k = k + 7 end end print(233, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for i = 1, 3 do if nil and y or x then k = k + 1 else k = k + 7 end end print(234, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false repeat if nil and y or x then k = k + 1 else k = k + 7 end until k > 20 print(235, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true repeat if nil and y or x then k = k + 1 else k = k + 7 end until k > 20 print(236, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 20 do if nil and y or x then k = k + 1 else k = k + 7 end end print(237, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 20 do if nil and y or x then k = k + 1 else k = k + 7 end end print(238, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 20 do local z = nil and y or x k = k + (z and 1 or 7) end print(239, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 20 do local z = nil and y or x k = k + (z and 1 or 7) end print(240, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for _, q in ipairs{1,2,3} do while nil and y or x do k = k + q x = false y = true if k > 30 then break end end end print(241, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for _, q in ipairs{1,2,3} do while nil and y or x do k = k + q x = false y = true if k > 30 then break end end end print(242, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while (1 and false) or x do k = k + 1 if k > 3 then x = false y = not y end if k > 9 then break end end print(243, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while (1 and false) or x do k = k + 1 if k > 3 then x = false y = not y end if k > 9 then break end end print(244, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false repeat k = k + 1 if k > 3 then x = true end if k > 9 then break end until (1 and false) or x print(245, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true repeat k = k + 1 if k > 3 then x = true end if k > 9 then break end until (1 and false) or x print(246, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false if (1 and false) or x then k = k + 10 else k = k + 100 end print(247, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true if (1 and false) or x then k = k + 10 else k = k + 100 end print(248, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for i = 1, 3 do while (1 and false) or x do k = k + 1 if k > 3 then x = false y = true end if k > 9 then break end end end print(249, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for i = 1, 3 do while (1 and false) or x do k = k + 1 if k > 3 then x = false y = true end if k > 9 then break end end end print(250, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 5 do k = k + 1 while (1 and false) or x do k = k + 1 x = not x if k > 20 then break end end end print(251, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 5 do k = k + 1 while (1 and false) or x do k = k + 1 x = not x if k > 20 then break end end end print(252, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while true do while (1 and false) or x do k = k + 1 x = not x if k > 20 then break end end k = k + 1 if k > 8 then break end end print(253, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while true do while (1 and false) or x do k = k + 1 x = not x if k > 20 then break end end k = k + 1 if k > 8 then break end end print(254, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for i = 1, 3 do if (1 and false) or x then k = k + 1 else k = k + 7 end end print(255, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for i = 1, 3 do if (1 and false) or x then k = k + 1 else k = k + 7 end end print(256, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false repeat if (1 and false) or x then k = k + 1 else k = k + 7 end until k > 20 print(257, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true repeat if (1 and false) or x then k = k + 1 else k = k + 7 end until k > 20 print(258, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 20 do if (1 and false) or x then k = k + 1 else k = k + 7 end end print(259, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 20 do if (1 and false) or x then k = k + 1 else k = k + 7 end end print(260, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false while k < 20 do local z = (1 and false) or x k = k + (z and 1 or 7) end print(261, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true while k < 20 do local z = (1 and false) or x k = k + (z and 1 or 7) end print(262, k, x, y) end end f() end
do local function f() do local k, x, y = 0, true, false for _, q in ipairs{1,2,3} do while (1 and false) or x do k = k + q x = false y = true if k > 30 then break end end end print(263, k, x, y) end end f() end
do local function f() do local k, x, y = 0, false, true for _, q in ipairs{1,2,3} do while (1 and false) or x do k = k + q x = false y = true if k > 30 then break end end end print(264, k, x, y) end end f() end
