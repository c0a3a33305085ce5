-- What gopher-lua gets wrong: breaks, generic for, table constructors, local functions, jumps, numbers.
do local function program(...)
local f
for i = 1, 3 do
  if i == 2 then local q = i * 10 f = function() return q end break end
end
local a, b, c, d, e = 100, 200, 300, 400, 500
print(f())

end program() end
do local function program(...)
local function f() return 'F' end
local t = { 'a', name = f() }
print(#t, t[1], t[2], t[3], t.name)

end program() end
do local function program(...)
local function f() return 'F', 'G' end
local t = { 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50, f() }
print(#t, t[1], t[51], t[52])
t = { 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50, n = 'x' .. f(), m = 1 }
print(#t, t[1], t[2], t.n)

end program() end
do local function program(...)
local function one() return 1 end
for k in next, { 10, 20, 30 }, (one()) do print(k) end

end program() end
do local function program(...)
local f = function() return "first" end
local f = function() local f = function() return f() end return f() end
print(pcall(f))

end program() end
do local function program(...)
local function f() print "called" return 'F' end
local function run(g) print(pcall(g)) end
run(function() local n, s, t = 0, '', { [true] = 'T' } for k in pairs{1,2,3} do if t[true or f()] then s = s .. 'a' else s = s .. 'b' end end return s end)
run(function() local n, s = 0, '' repeat if n == (false and f()) then s = s .. 'a' else s = s .. 'b' end n = n + 1 until n > 3 return s end)
run(function() local n, s, t = 0, '' repeat for i = (true or f()) and 1, 1 do s = s .. i end n = n + 1 until n > 3 return s end)
run(function() local n, a = 0, 1 local function b() n = n + 1 return n > 3 end repeat until (false and a) or b() return n end)

end program() end
do local function program(...)
print(1e400 == math.huge, 0xffffffffffffffff == 2^64)

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
for k in pairs{1,2,3} do local z = t[true or f()] s = s .. tostring(z) end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end for k in pairs{1,2,3} do local z = t[true or f()] s = s .. tostring(z) end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 for k in pairs{1,2,3} do local z = t[true or f()] s = s .. tostring(z) end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end for k in pairs{1,2,3} do local z = t[true or f()] s = s .. tostring(z) end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
repeat local z = t[true or f()] s = s .. tostring(z) n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end repeat local z = t[true or f()] s = s .. tostring(z) n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 repeat local z = t[true or f()] s = s .. tostring(z) n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end repeat local z = t[true or f()] s = s .. tostring(z) n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end local z = t[true or f()] s = s .. tostring(z) end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end local z = t[true or f()] s = s .. tostring(z) end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end local z = t[true or f()] s = s .. tostring(z) end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end local z = t[true or f()] s = s .. tostring(z) end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
for k in pairs{1,2,3} do if t[true or f()] then s = s .. 'a' else s = s .. 'b' end end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end for k in pairs{1,2,3} do if t[true or f()] then s = s .. 'a' else s = s .. 'b' end end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 for k in pairs{1,2,3} do if t[true or f()] then s = s .. 'a' else s = s .. 'b' end end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end for k in pairs{1,2,3} do if t[true or f()] then s = s .. 'a' else s = s .. 'b' end end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
repeat if t[true or f()] then s = s .. 'a' else s = s .. 'b' end n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end repeat if t[true or f()] then s = s .. 'a' else s = s .. 'b' end n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 repeat if t[true or f()] then s = s .. 'a' else s = s .. 'b' end n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end repeat if t[true or f()] then s = s .. 'a' else s = s .. 'b' end n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end if t[true or f()] then s = s .. 'a' else s = s .. 'b' end end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end if t[true or f()] then s = s .. 'a' else s = s .. 'b' end end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end if t[true or f()] then s = s .. 'a' else s = s .. 'b' end end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end if t[true or f()] then s = s .. 'a' else s = s .. 'b' end end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
for k in pairs{1,2,3} do t[true or f()] = 1 s = s .. 'x' end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end for k in pairs{1,2,3} do t[true or f()] = 1 s = s .. 'x' end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 for k in pairs{1,2,3} do t[true or f()] = 1 s = s .. 'x' end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end for k in pairs{1,2,3} do t[true or f()] = 1 s = s .. 'x' end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
repeat t[true or f()] = 1 s = s .. 'x' n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end repeat t[true or f()] = 1 s = s .. 'x' n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 repeat t[true or f()] = 1 s = s .. 'x' n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end repeat t[true or f()] = 1 s = s .. 'x' n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end t[true or f()] = 1 s = s .. 'x' end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end t[true or f()] = 1 s = s .. 'x' end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end t[true or f()] = 1 s = s .. 'x' end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end t[true or f()] = 1 s = s .. 'x' end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
for k in pairs{1,2,3} do local z = t == (false and f()) s = s .. tostring(z) end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end for k in pairs{1,2,3} do local z = t == (false and f()) s = s .. tostring(z) end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 for k in pairs{1,2,3} do local z = t == (false and f()) s = s .. tostring(z) end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end for k in pairs{1,2,3} do local z = t == (false and f()) s = s .. tostring(z) end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
repeat local z = t == (false and f()) s = s .. tostring(z) n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end repeat local z = t == (false and f()) s = s .. tostring(z) n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 repeat local z = t == (false and f()) s = s .. tostring(z) n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end repeat local z = t == (false and f()) s = s .. tostring(z) n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end local z = t == (false and f()) s = s .. tostring(z) end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end local z = t == (false and f()) s = s .. tostring(z) end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end local z = t == (false and f()) s = s .. tostring(z) end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end local z = t == (false and f()) s = s .. tostring(z) end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
for k in pairs{1,2,3} do if n == (false and f()) then s = s .. 'a' else s = s .. 'b' end end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end for k in pairs{1,2,3} do if n == (false and f()) then s = s .. 'a' else s = s .. 'b' end end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 for k in pairs{1,2,3} do if n == (false and f()) then s = s .. 'a' else s = s .. 'b' end end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end for k in pairs{1,2,3} do if n == (false and f()) then s = s .. 'a' else s = s .. 'b' end end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
repeat if n == (false and f()) then s = s .. 'a' else s = s .. 'b' end n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end repeat if n == (false and f()) then s = s .. 'a' else s = s .. 'b' end n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 repeat if n == (false and f()) then s = s .. 'a' else s = s .. 'b' end n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end repeat if n == (false and f()) then s = s .. 'a' else s = s .. 'b' end n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end if n == (false and f()) then s = s .. 'a' else s = s .. 'b' end end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end if n == (false and f()) then s = s .. 'a' else s = s .. 'b' end end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end if n == (false and f()) then s = s .. 'a' else s = s .. 'b' end end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end if n == (false and f()) then s = s .. 'a' else s = s .. 'b' end end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
for k in pairs{1,2,3} do while n == (true or f()) do s = s .. 'w' break end s = s .. 'y' end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end for k in pairs{1,2,3} do while n == (true or f()) do s = s .. 'w' break end s = s .. 'y' end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 for k in pairs{1,2,3} do while n == (true or f()) do s = s .. 'w' break end s = s .. 'y' end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end for k in pairs{1,2,3} do while n == (true or f()) do s = s .. 'w' break end s = s .. 'y' end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
repeat while n == (true or f()) do s = s .. 'w' break end s = s .. 'y' n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end repeat while n == (true or f()) do s = s .. 'w' break end s = s .. 'y' n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 repeat while n == (true or f()) do s = s .. 'w' break end s = s .. 'y' n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end repeat while n == (true or f()) do s = s .. 'w' break end s = s .. 'y' n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end while n == (true or f()) do s = s .. 'w' break end s = s .. 'y' end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end while n == (true or f()) do s = s .. 'w' break end s = s .. 'y' end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end while n == (true or f()) do s = s .. 'w' break end s = s .. 'y' end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end while n == (true or f()) do s = s .. 'w' break end s = s .. 'y' end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
for k in pairs{1,2,3} do for i = (true or f()) and 1, 1 do s = s .. i end end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end for k in pairs{1,2,3} do for i = (true or f()) and 1, 1 do s = s .. i end end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 for k in pairs{1,2,3} do for i = (true or f()) and 1, 1 do s = s .. i end end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end for k in pairs{1,2,3} do for i = (true or f()) and 1, 1 do s = s .. i end end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
repeat for i = (true or f()) and 1, 1 do s = s .. i end n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end repeat for i = (true or f()) and 1, 1 do s = s .. i end n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 repeat for i = (true or f()) and 1, 1 do s = s .. i end n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end repeat for i = (true or f()) and 1, 1 do s = s .. i end n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end for i = (true or f()) and 1, 1 do s = s .. i end end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end for i = (true or f()) and 1, 1 do s = s .. i end end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end for i = (true or f()) and 1, 1 do s = s .. i end end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end for i = (true or f()) and 1, 1 do s = s .. i end end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
for k in pairs{1,2,3} do t[false and f()] = nil s = s .. 'q' end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end for k in pairs{1,2,3} do t[false and f()] = nil s = s .. 'q' end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 for k in pairs{1,2,3} do t[false and f()] = nil s = s .. 'q' end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end for k in pairs{1,2,3} do t[false and f()] = nil s = s .. 'q' end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
repeat t[false and f()] = nil s = s .. 'q' n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end repeat t[false and f()] = nil s = s .. 'q' n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 repeat t[false and f()] = nil s = s .. 'q' n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end repeat t[false and f()] = nil s = s .. 'q' n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end t[false and f()] = nil s = s .. 'q' end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end t[false and f()] = nil s = s .. 'q' end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end t[false and f()] = nil s = s .. 'q' end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end t[false and f()] = nil s = s .. 'q' end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
for k in pairs{1,2,3} do local z = n + ((true or f()) and 3) s = s .. z end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end for k in pairs{1,2,3} do local z = n + ((true or f()) and 3) s = s .. z end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 for k in pairs{1,2,3} do local z = n + ((true or f()) and 3) s = s .. z end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end for k in pairs{1,2,3} do local z = n + ((true or f()) and 3) s = s .. z end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
repeat local z = n + ((true or f()) and 3) s = s .. z n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end repeat local z = n + ((true or f()) and 3) s = s .. z n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 repeat local z = n + ((true or f()) and 3) s = s .. z n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end repeat local z = n + ((true or f()) and 3) s = s .. z n = n + 1 until n > 3
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end local z = n + ((true or f()) and 3) s = s .. z end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' end for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end local z = n + ((true or f()) and 3) s = s .. z end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
if n == 7 then s = 'pre' else s = 'p' end local q = n == 1 and 2 or 3 for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end local z = n + ((true or f()) and 3) s = s .. z end
return s
end
print(pcall(run))

end program() end
do local function program(...)
local function f() print 'called' return 'F' end
local function run()
local n, s, t, steps = 0, '', {[true] = 'T'}, 0
local function g() end if n > 3 then g() elseif n > 2 then g() else s = 'z' end while n > 100 do n = n - 1 end for k in pairs{1,2,3} do if k == 5 then s = s .. '!' end local z = n + ((true or f()) and 3) s = s .. z end
return s
end
print(pcall(run))

end program() end
