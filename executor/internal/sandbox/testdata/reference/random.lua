-- Random programs, each in a function of its own.
do local function program(...)
print("begin") 
local out = print
local function num(v) if v ~= v then return "nan" elseif v == 1/0 then return "inf" elseif v == -1/0 then return "-inf" elseif v == 0 then return "0" end return ("%.9g"):format(v) end
local function show(v, d)
  d = d or 0
  local ty = type(v)
  if ty == "number" then return num(v) end
  if ty == "string" then return '"' .. v .. '"' end
  if ty ~= "table" then return (ty == "nil" or ty == "boolean") and tostring(v) or ty end
  if d > 2 then return "{..}" end
  local ks, parts = {}, {}
  for k in next, v do if type(k) == "string" or type(k) == "number" then ks[#ks+1] = k end end
  table.sort(ks, function(a, b) if type(a) == type(b) then return a < b end return type(a) == "number" end)
  for i, k in ipairs(ks) do parts[i] = (type(k) == "number" and num(k) or k) .. "=" .. show(rawget(v, k), d + 1) if i > 12 then break end end
  return (getmetatable(v) and "M{" or "{") .. table.concat(parts, ",") .. "}"
end
local lines = 0
local function say(...)
  lines = lines + 1
  if lines > 400 then return end
  local parts = {}
  for i = 1, select("#", ...) do parts[i] = show((select(i, ...))) end
  out(table.concat(parts, " "))
end
local function err(e)
  if type(e) ~= "string" then return show(e) end
  local l, m = e:match("^program%.lua:(%d+): (.*)$")
  if e:find("stack overflow") then return "SO" end if e:find("attempt to yield") then return "YIELD" end
  if not l then return "noplace " .. e end
  if m:find("^attempt") or m:find("stack overflow") or m:find("^cannot perform") or m:find("undefined") or m:find("^for statement") or m:find("^'for'") or m:find("^unhashable") then m = "OP" end
  return l .. " " .. m
end
local function res(ok, e, ...) if ok then return ok, e, ... end return ok, err(e) end
local function P(...) return res(pcall(...)) end
local steps = 0
local function tick() steps = steps + 1 return steps < 100 end
local function cl(v) if type(v) ~= "number" or v ~= v or v > 1e9 or v < -1e9 then return 3 end return math.floor(v) % 100 end
local function lim(v) if type(v) ~= "number" or v ~= v or v > 1e6 or v < -1e6 then return 2 end return v end
local function N(v) return type(v) == "number" and lim(v) or 1 end
local function id(...) return ... end
local function sev(...) return ..., 5, nil, 6 end
local function three() return 1, 2, 3 end
local function none() end
local mt
mt = {
  __add = function(a, b) return "add" end, __sub = function(a, b) return type(a) .. type(b) end, __mul = function(a, b) return a, 1 end,
  __concat = function(a, b) return (type(a) == "table" and "T" or a) .. "~" .. (type(b) == "table" and "T" or b) end,
  __unm = function(a, b) return "unm" end, __eq = function(a, b) return a.v == b.v end, __lt = function(a, b) return a.v < b.v end,
  __index = function(t, k) return k == "m" and function(self, ...) return self == t, ... end or k end,
  __call = function(self, ...) return select("#", ...), ... end, __len = nil,
  __tostring = function() return "OBJ" end,
}
local function obj(v) return setmetatable({ v = v }, mt) end
local fs = {}
local function range(n, m) n = cl(n) % 4 local i = 0 return function(s, c) i = i + 1 if i <= n then return i, m, s, c end end, m, n end
local function mk(...) return range end
local ro = { range = function(self, n) return range(n, self ~= nil) end, r = range }
local function wantnext(t, k) return next, t, k end
local function main(...)
gn, gs, gx, gt, gf = 1, 'g', nil, { a = 1, 2, m = function(self, ...) return ... end, w = function() return 'w' end }, id
local n1 = 1
local s1 = 's'
local x1 = nil
local x2 = false
local t1 = { a = 5, 'e', m = function(self, ...) return 'M', ... end, w = three }
local f1 = sev
say(P(function()
  if not tick() then return end
  for n3 = lim((({ (n1 % 4) ^ 3, ({ gn, n1, n1 })[1], 2.5 + 1 })[3])) % 10, 10, 3 do
    fs[#fs + 1] = function(x2, x3, ...)
      if not tick() then return end
      function gf(x3, ...)
        if not tick() then return end
        function gf()
          if not tick() then return end
          local x1, x2, x4, x3 = (x3), t1[ 1 ], (({ x2, [ cl(math.floor(0x1F)) ] = t1[ 1 ], (x2), [ cl(#s1) ] = x1 })[ 2 ]) ~= n3
          local x4, x2 = { [ 2 ] = x2; c = (((x2 and '10' or "b")) >= '5'); [ cl(1E1) ] = sev() }, x1
          return 
        end
        for n4 = 1, 2, .5 do
          t1.c = (0x10 ~= ((sev(n4, 'c')))) and (x2) and not (n4 < 10), x2, (...), not ('c' and (gn >= 0) or x3)
          say(1)
        end
        local function f3(x3)
          if not tick() then return end
          x3 = n3, f1(("q\"q") .. '10'), -obj(1)
          return not (not ((x3)) and (x1 == x3 or not ((x3))))
        end
        return ({ [ 0x1F - 3. ] = t1[ 2 ] })[ not (not (x2)) ], x3
      end
      if ('nl' ~= 'a' and n1 or n3 % 2.5) ~= ((({ n3, 1e2, 7 })[3]) % 2.5) or (x2 or (not (({ n1; b = x2; [ "a" ] = x2; a = x1; sev('c', (...), x3) })[ 1 ]))) then return t1[ #{ (x2 and n1 or 1e2), ("0x3a" - 1E1), n1, n3, n1 % 7 } ] end
      return '' > ('\\' .. '10' .. s1)
    end
    local k = {  } for k, v in pairs(k) do k = nil end
    local n2 = lim(2 ^ 0 + n3)
  end
end, (...), ({ (...); [ 1 ] = (...); (not true and (s1 == 'x\ty')) })[ 2 ]))
say(P(function(x1, x4)
  if not tick() then return end
  say(P(function(x2, x1)
    if not tick() then return end
    local f1 = function(x1, x4)
      if not tick() then return end
      local k = { [ 2 ] = n1; [ 1 ] = ({ b = [[long]]; [ cl(2 ^ 3) ] = (x4) })[ 2 ]; f1() } for k, v in pairs(k) do k = nil end
      say(P(function(x4)
        if not tick() then return end
        while (x2) ~= nil and tick() do
          x1 = (function(...) local x1 = ... return (...) end)(1, ((s1 <= s1) and 'nl' ~= 'a'), 10), obj(N(x1) / 3) == obj(gn)
        end
        do local co2
        co2 = coroutine.create(function()
          if not tick() then return end
          local n4 = lim(#{ n1 })
          return (function(...) return coroutine.yield(...) end)()
        end)
        for i = 1, 3 do say(coroutine.status(co2), res(coroutine.resume(co2, t1[ 1 ]))) end say(coroutine.status(co2)) end
        if (not (next({ -1 }))) or (({ b = (gs > s1); (f1(false, (gx), false)); (sev()) })[ 1 ]) then
          say()
          local x4, x1, x1 = t1[ (function(...) return (s1 .. cl(10)) end)(3 <= n1 and (x2 ~= x1), f1(x1, three())) ]
          say((x4))
        end
        return true, gf()
      end, (x1), (function(n1, n2) return lim(N(gx)) end)(n1 + ("0x25" - n1)), (-2 ^ 3) + (-(-"8"))))
      return x4
    end
    return not (t1.c)
  end, (x2 and x4 == x1) or (x4), x4))
  return x1, n1 + (((x1 == nil and n1 or n1) % 4) ^ 2)
end, ...))
say(P(function(x3)
  if not tick() then return end
  x3 = not (((not (x3)) or not ((x3))) and 'c')
  fs[#fs + 1] = function(x1, ...)
    if not tick() then return end
    say()
    local s1 = ([==[l]=]]==]):sub(1, 40)
    say(xpcall(function()
      if not tick() then return end
      for n4 = lim((math.max(math.max(7, n1), N(n1)))) % 10, 10, 3 do
        for n3 = 0, -2, -0.75 do
          x1 = (((('\65\066'):sub(-3, -3)) .. cl(n1))) ~= x2
          local n4 = lim(-(N(t1[ 2 ])))
        end
        do local co1
        co1 = coroutine.create(function(x2)
          if not tick() then return end
          local s2 = (s1):sub(1, 40)
          say(x3, (x2), (not (t1[ n1 ])))
          fs[#fs + 1] = function(...)  return n1, x1, n1 end
          return coroutine.yield(f1(x1, t1[ s1 ], "b"))
        end)
        for i = 1, 4 do say(coroutine.status(co1), res(coroutine.resume(co1, gx))) end say(coroutine.status(co1)) end
        t1:m(N(('%s|%d|%5.1f|%q'):format(s1, cl(n1 - n4), lim(3 - n1), s1)))
        break
      end
      return (f1((x1), not x1 and x1 == n1, f1(1, x2, three())))
    end, function(e) return err(e), t1[ 1 ] end))
  end
  return (f1(gt.b, t1[ {  } ]))
end, nil))
say(P(function(...)
  if not tick() then return end
  do local big = { 'c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', 'c9', 'c10', 'c11', 'c12', 'c13', 'c14', 'c15', 'c16', 'c17', 'c18', 'c19', 'c20', 'c21', 'c22', 'c23', 'c24', 'c25', 'c26', 'c27', 'c28', 'c29', 'c30', 'c31', 'c32', 'c33', 'c34', 'c35', 'c36', 'c37', 'c38', 'c39', 'c40', 'c41', 'c42', 'c43', 'c44', 'c45', 'c46', 'c47', 'c48', 'c49', 'c50', 'c51', 'c52', 'c53', 'c54', 'c55', 'c56', 'c57', 'c58', 'c59', 'c60', 'c61', 'c62', 'c63', 'c64', 'c65', 'c66', 'c67', 'c68', 'c69', 'c70', 'c71', 'c72', 'c73', 'c74', 'c75', 'c76', 'c77', 'c78', 'c79', 'c80', 'c81', 'c82', 'c83', 'c84', 'c85', 'c86', 'c87', 'c88', 'c89', 'c90', 'c91', 'c92', 'c93', 'c94', 'c95', 'c96', 'c97', 'c98', 'c99', 'c100', 'c101', 'c102', 'c103', 'c104', 'c105', 'c106', 'c107', 'c108', 'c109', 'c110', 'c111', 'c112', 'c113', 'c114', 'c115', 'c116', 'c117', 'c118', 'c119', 'c120', 'c121', 'c122', 'c123', 'c124', 'c125', 'c126', 'c127', 'c128', 'c129', 'c130', 'c131', 'c132', 'c133', 'c134', 'c135', 'c136', 'c137', 'c138', 'c139', 'c140', 'c141', 'c142', 'c143', 'c144', 'c145', 'c146', 'c147', 'c148', 'c149', 'c150', 'c151', 'c152', 'c153', 'c154', 'c155', 'c156', 'c157', 'c158', 'c159', 'c160', 'c161', 'c162', 'c163', 'c164', 'c165', 'c166', 'c167', 'c168', 'c169', 'c170', 'c171', 'c172', 'c173', 'c174', 'c175', 'c176', 'c177', 'c178', 'c179', 'c180', 'c181', 'c182', 'c183', 'c184', 'c185', 'c186', 'c187', 'c188', 'c189', 'c190', 'c191', 'c192', 'c193', 'c194', 'c195', 'c196', 'c197', 'c198', 'c199', 'c200', 'c201', 'c202', 'c203', 'c204', 'c205', 'c206', 'c207', 'c208', 'c209', 'c210', 'c211', 'c212', 'c213', 'c214', 'c215', 'c216', 'c217', 'c218', 'c219', 'c220', 'c221', 'c222', 'c223', 'c224', 'c225', 'c226', 'c227', 'c228', 'c229', 'c230', 'c231', 'c232', 'c233', 'c234', 'c235', 'c236', 'c237', 'c238', 'c239', 'c240', 'c241', 'c242', 'c243', 'c244', x = #gs } say(#big, big[1], big[50], big[51], big[245], big.x) end
  say()
  return (three((select('#', x2)), (id()), math.floor(n1))), { c = (false ~= x1) or ('c'); [ n1 ] = (([==[l]=]]==]) ~= ("q\"q")) and gx }
end, x2))
say(n1, s1, x1, x2, t1, gn, gs, gx, gt)
end
say(P(main))
for i = 1, #fs do if i > 12 then break end say('fs', i, P(fs[i], i)) end
for i = 1, #fs do if i > 12 then break end say('fs', i, P(fs[i], i, 'z')) end

end program() end
do local function program(...)
print("begin") 
local out = print
local function num(v) if v ~= v then return "nan" elseif v == 1/0 then return "inf" elseif v == -1/0 then return "-inf" elseif v == 0 then return "0" end return ("%.9g"):format(v) end
local function show(v, d)
  d = d or 0
  local ty = type(v)
  if ty == "number" then return num(v) end
  if ty == "string" then return '"' .. v .. '"' end
  if ty ~= "table" then return (ty == "nil" or ty == "boolean") and tostring(v) or ty end
  if d > 2 then return "{..}" end
  local ks, parts = {}, {}
  for k in next, v do if type(k) == "string" or type(k) == "number" then ks[#ks+1] = k end end
  table.sort(ks, function(a, b) if type(a) == type(b) then return a < b end return type(a) == "number" end)
  for i, k in ipairs(ks) do parts[i] = (type(k) == "number" and num(k) or k) .. "=" .. show(rawget(v, k), d + 1) if i > 12 then break end end
  return (getmetatable(v) and "M{" or "{") .. table.concat(parts, ",") .. "}"
end
local lines = 0
local function say(...)
  lines = lines + 1
  if lines > 400 then return end
  local parts = {}
  for i = 1, select("#", ...) do parts[i] = show((select(i, ...))) end
  out(table.concat(parts, " "))
end
local function err(e)
  if type(e) ~= "string" then return show(e) end
  local l, m = e:match("^program%.lua:(%d+): (.*)$")
  if e:find("stack overflow") then return "SO" end if e:find("attempt to yield") then return "YIELD" end
  if not l then return "noplace " .. e end
  if m:find("^attempt") or m:find("stack overflow") or m:find("^cannot perform") or m:find("undefined") or m:find("^for statement") or m:find("^'for'") or m:find("^unhashable") then m = "OP" end
  return l .. " " .. m
end
local function res(ok, e, ...) if ok then return ok, e, ... end return ok, err(e) end
local function P(...) return res(pcall(...)) end
local steps = 0
local function tick() steps = steps + 1 return steps < 100 end
local function cl(v) if type(v) ~= "number" or v ~= v or v > 1e9 or v < -1e9 then return 3 end return math.floor(v) % 100 end
local function lim(v) if type(v) ~= "number" or v ~= v or v > 1e6 or v < -1e6 then return 2 end return v end
local function N(v) return type(v) == "number" and lim(v) or 1 end
local function id(...) return ... end
local function sev(...) return ..., 5, nil, 6 end
local function three() return 1, 2, 3 end
local function none() end
local mt
mt = {
  __add = function(a, b) return "add" end, __sub = function(a, b) return type(a) .. type(b) end, __mul = function(a, b) return a, 1 end,
  __concat = function(a, b) return (type(a) == "table" and "T" or a) .. "~" .. (type(b) == "table" and "T" or b) end,
  __unm = function(a, b) return "unm" end, __eq = function(a, b) return a.v == b.v end, __lt = function(a, b) return a.v < b.v end,
  __index = function(t, k) return k == "m" and function(self, ...) return self == t, ... end or k end,
  __call = function(self, ...) return select("#", ...), ... end, __len = nil,
  __tostring = function() return "OBJ" end,
}
local function obj(v) return setmetatable({ v = v }, mt) end
local fs = {}
local function range(n, m) n = cl(n) % 4 local i = 0 return function(s, c) i = i + 1 if i <= n then return i, m, s, c end end, m, n end
local function mk(...) return range end
local ro = { range = function(self, n) return range(n, self ~= nil) end, r = range }
local function wantnext(t, k) return next, t, k end
local function main(...)
gn, gs, gx, gt, gf = 1, 'g', nil, { a = 1, 2, m = function(self, ...) return ... end, w = function() return 'w' end }, id
local n1 = 1
local s1 = 's'
local x1 = nil
local x2 = false
local t1 = { a = 5, 'e', m = function(self, ...) return 'M', ... end, w = three }
local f1 = sev
say(P(function(x3)
  if not tick() then return end
  fs[#fs + 1] = function(x1, x4, ...)
    if not tick() then return end
    do local co7
    co7 = coroutine.create(function(x4)
      if not tick() then return end
      if t1:m() then error(s1 .. (s1 .. s1)) end
      function gf(x1)
        if not tick() then return end
        if not x1 then return x1, f1() end
        x1 = t1[ 1 ]
      end
      f1(t1:m('c', x4, '10', next({ n1 % 4 })))
      return (f1(0, unpack({  }, 1, 3)))
    end)
    for i = 1, 3 do say(coroutine.status(co7), res(coroutine.resume(co7, select('#', ...), ({  })[ 1 ], n1))) end say(coroutine.status(co7)) end
  end
  return f1(true, (x1))
end, (...), gt[ 1 ]))
say(P(function(x4)
  if not tick() then return end
  do local co8
  co8 = coroutine.create(function(x2, x3, ...)
    if not tick() then return end
    do
      while (gx) ~= nil and tick() do
        n1 = lim(n1)
        repeat
          say(x2, t1.b)
          n1 = lim(n1 * (#{ ("0x2e" - n1) }))
        until not tick() or ((x2 and (2 > n1 + 2.5)) and (((...)) == (not (f1(nil, x4)))))
      end
      for x4, x1, x4, x3 in ipairs({ ({ b = x4, [ 2 ] = (id()), [ cl(({ 3, n1, n1 })[2]) ] = 'c', b = {  } })[ 1 ] }) do
        while not (((select(1, n1, (...))))) and tick() do
          x4, x2, gt[ 1 ], x1 = none((...), x3, x3)
          local x4 = t1[ (s1 .. cl(100)) ]
        end
        say(xpcall(function(x4, x3, x2)
          if not tick() then return end
          x4 = not (('\65\066' == s1) and 'c' and (1e2 ~= gx) and s1 >= ("q\"q"))
          f1(gt.a, n1 >= #{ ("0x31" - 7), n1, -n1 }, f1())
          fs[#fs + 1] = function(x9)  return n1, x4, n1 end
          return ({ b = gx })[ select('#', 1) ], x1
        end, function(e) return err(e), N(x3) end))
      end
      local s4 = (s1):sub(1, 40)
    end
    say()
    for n3 = 3, 1, -1 do
      function gf(x3, x1, x4, ...)
        if not tick() then return end
        if ((gs .. '\65\066' .. ("q\"q")) >= ([==[l]=]]==])) or (not (next({ n1 }) or (not false))) then
          fs[#fs + 1] = function(...)  return n3, x2, n1 end
          x3 = (...)
          local x2, x1, x2 = (((...)) ~= (#'a')), n1 <= (2 ^ 2), (gt:w()), gf(n3 % 2, s1, x1)
        else
          local x3 = t1.c, 2.5, (t1.a) == ((x3) and ((not x4) and (gx) or s1 ~= s1 and x3)), t1:m()
        end
        say(P(function(x2, x3, ...)
          if not tick() then return end
          f1((P(f1, x4)), (((-"3") + (("0x44" - n1))) + (not x1 and n3 or (select(1, 7, 8, n1)))) + (-(N(t1[ '3' ]))))
          return ...
        end, (next({ n1 })), ({ '\\'; x4; '48'; false })[ f1(x4, x2, gn) ], ...))
        return (f1())
      end
      say((...))
    end
    return (n1 + n1) == n1
  end)
  for i = 1, 1 do say(coroutine.status(co8), res(coroutine.resume(co8, nil))) end say(coroutine.status(co8)) end
  return 
end, gx, x1, ...))
say(P(function(x3, x2)
  if not tick() then return end
  do
    for x2, x2 in ipairs({  }) do
      say(gx, (function(...) return s1 end)(('x\ty' >= 'x\ty'), false))
      break
    end
    say()
  end
  return select(2, s1 .. s1, t1[ gn ])
end, nil))
say(P(function()
  if not tick() then return end
  local z0, z1, z2, z3, z4, z5, z6, z7, z8, z9, z10, z11, z12, z13, z14, z15, z16, z17, z18, z19, z20, z21, z22, z23, z24, z25, z26, z27, z28, z29, z30, z31, z32, z33, z34, z35, z36, z37, z38, z39, z40, z41, z42, z43, z44, z45, z46, z47, z48, z49, z50, z51, z52, z53, z54, z55, z56, z57, z58, z59 = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59
  fs[#fs + 1] = function(...) x1 = x1 return x1, x1, n1 end
  if x2 == ([==[l]=]]==]) then return (P(f1, ({ c = x2 })[ ({ b = true; x2; [ 1 ] = n1; x1 })[ x2 ] ], (x2), 5 - (({ n1, n1, 5 })[3]))) end
  return f1(('c') ~= gx or (not n1))
end, nil))
say(n1, s1, x1, x2, t1, gn, gs, gx, gt)
end
say(P(main))
for i = 1, #fs do if i > 12 then break end say('fs', i, P(fs[i], i)) end
for i = 1, #fs do if i > 12 then break end say('fs', i, P(fs[i], i, 'z')) end

end program() end
do local function program(...)
print("begin") 
local out = print
local function num(v) if v ~= v then return "nan" elseif v == 1/0 then return "inf" elseif v == -1/0 then return "-inf" elseif v == 0 then return "0" end return ("%.9g"):format(v) end
local function show(v, d)
  d = d or 0
  local ty = type(v)
  if ty == "number" then return num(v) end
  if ty == "string" then return '"' .. v .. '"' end
  if ty ~= "table" then return (ty == "nil" or ty == "boolean") and tostring(v) or ty end
  if d > 2 then return "{..}" end
  local ks, parts = {}, {}
  for k in next, v do if type(k) == "string" or type(k) == "number" then ks[#ks+1] = k end end
  table.sort(ks, function(a, b) if type(a) == type(b) then return a < b end return type(a) == "number" end)
  for i, k in ipairs(ks) do parts[i] = (type(k) == "number" and num(k) or k) .. "=" .. show(rawget(v, k), d + 1) if i > 12 then break end end
  return (getmetatable(v) and "M{" or "{") .. table.concat(parts, ",") .. "}"
end
local lines = 0
local function say(...)
  lines = lines + 1
  if lines > 400 then return end
  local parts = {}
  for i = 1, select("#", ...) do parts[i] = show((select(i, ...))) end
  out(table.concat(parts, " "))
end
local function err(e)
  if type(e) ~= "string" then return show(e) end
  local l, m = e:match("^program%.lua:(%d+): (.*)$")
  if e:find("stack overflow") then return "SO" end if e:find("attempt to yield") then return "YIELD" end
  if not l then return "noplace " .. e end
  if m:find("^attempt") or m:find("stack overflow") or m:find("^cannot perform") or m:find("undefined") or m:find("^for statement") or m:find("^'for'") or m:find("^unhashable") then m = "OP" end
  return l .. " " .. m
end
local function res(ok, e, ...) if ok then return ok, e, ... end return ok, err(e) end
local function P(...) return res(pcall(...)) end
local steps = 0
local function tick() steps = steps + 1 return steps < 100 end
local function cl(v) if type(v) ~= "number" or v ~= v or v > 1e9 or v < -1e9 then return 3 end return math.floor(v) % 100 end
local function lim(v) if type(v) ~= "number" or v ~= v or v > 1e6 or v < -1e6 then return 2 end return v end
local function N(v) return type(v) == "number" and lim(v) or 1 end
local function id(...) return ... end
local function sev(...) return ..., 5, nil, 6 end
local function three() return 1, 2, 3 end
local function none() end
local mt
mt = {
  __add = function(a, b) return "add" end, __sub = function(a, b) return type(a) .. type(b) end, __mul = function(a, b) return a, 1 end,
  __concat = function(a, b) return (type(a) == "table" and "T" or a) .. "~" .. (type(b) == "table" and "T" or b) end,
  __unm = function(a, b) return "unm" end, __eq = function(a, b) return a.v == b.v end, __lt = function(a, b) return a.v < b.v end,
  __index = function(t, k) return k == "m" and function(self, ...) return self == t, ... end or k end,
  __call = function(self, ...) return select("#", ...), ... end, __len = nil,
  __tostring = function() return "OBJ" end,
}
local function obj(v) return setmetatable({ v = v }, mt) end
local fs = {}
local function range(n, m) n = cl(n) % 4 local i = 0 return function(s, c) i = i + 1 if i <= n then return i, m, s, c end end, m, n end
local function mk(...) return range end
local ro = { range = function(self, n) return range(n, self ~= nil) end, r = range }
local function wantnext(t, k) return next, t, k end
local function main(...)
gn, gs, gx, gt, gf = 1, 'g', nil, { a = 1, 2, m = function(self, ...) return ... end, w = function() return 'w' end }, id
local n1 = 1
local s1 = 's'
local x1 = nil
local x2 = false
local t1 = { a = 5, 'e', m = function(self, ...) return 'M', ... end, w = three }
local f1 = sev
say(P(function()
  if not tick() then return end
  while (x1) ~= nil and tick() do
    local x3 = (((id()) == (n1 <= n1 and ((gx)) ~= gx)) or select(1, 1))
  end
  s1 = ('3' .. gs .. '41' .. (s1 .. ((s1 .. cl(0))))):sub(1, 40)
  say(x1)
  return 
end, nil))
say(P(function(x3)
  if not tick() then return end
  do local big = { 0, nil, 'c2', 'c3', 'c4', nil, 6, 'c7', 8, nil, 10, 11, 'c12', nil, 14, nil, 'c16', 'c17', 18, nil, nil, 21, 22, 'c23', 24, nil, nil, nil, nil, 29, 'c30', nil, 32, 33, 34, 35, 36, 37, 'c38', nil, nil, nil, 42, nil, nil, nil, nil, nil, 'c48', 49, 3, 51, (function(...) local x1 = ... return ... end)(x2, -obj(1)) } say(big) for i = 48, 58 do say(big[i]) end end
  gn = lim((function(n1, n2) return lim(n1) end)(n1))
  return (not (n1)) and ((s1 < s1) == (n1 == n1)) or (x3 == x2 or (n1 ~= n1))
end, gt.c, ...))
say(P(function(x2)
  if not tick() then return end
  local n3 = lim(n1)
  local f1 = function(x1, x2, ...)
    if not tick() then return end
    fs[#fs + 1] = function()  return x2, x1, n1 end
    local function f2(...)
      if not tick() then return end
      if not x2 then
        local x1 = { 3, (x2 and ('x\ty' < '' or ('a' <= '10'))), [ cl(N(x2)) ] = x2, P(f2, nil) }
        do local co7
        co7 = coroutine.create(function(x3, ...)
          if not tick() then return end
          fs[#fs + 1] = function(x9) x3 = 'set' return x3, x1, n1 end
          s1 = (tostring(cl((n3 % 4) ^ 1))):sub(1, 40)
          return id(coroutine.yield(t1[ 2 ]))
        end)
        for i = 1, 2 do say(coroutine.status(co7), res(coroutine.resume(co7, ...))) end say(coroutine.status(co7)) end
        return (...)
      elseif s1 ~= s1 then
        fs[#fs + 1] = function(x1)
          if not tick() then return end
          local x2, x2 = ((x1 ~= 1e2 and gx ~= 10)) and (type(x1)) ~= s1 and ((t1:w()) ~= gx), (((((x2)) ~= x2 and x1 ~= ((x1))) or ((x2)) ~= x2)) == (gf(x1, f2(), [[long]])), t1:m(({ [ -2 ^ 1 ] = nil; not ((x2)); #{  } })[ x2 ], s1 .. s1, ({ [ "a" ] = t1.b, f1(x2), (sev()) })[ gx ], id())
          local x1 = next({ n3 })
          return gt.c, f2(x1)
        end
      end
      if not ((...)) then
        say((((1 ~= ((...))) or f2((...), (...), x2, ...)) or (x2 ~= gx)))
      elseif (id()) == (((not ((...)) and '\\' or s1)) <= (('x\ty' .. cl(n1)))) or ('nl' > ((s1 .. cl(n1)))) then
        say(P(function(...)
          if not tick() then return end
          local n2 = lim(('41' <= s1 and (-(25e-1)) * (((not ((...))) or x2 and (100 ~= n3 and 10 or n1) or n3 % 2)) or N((obj(n3) < obj((not x2 and n3 or n3))))))
          return (f1(t1[ (not x2) ]))
        end, ({ c = (not x1) == (n1 >= 2.5), nil, [ 1 ] = true, ... })[ {  } ], x1, ...))
      elseif (('\\' <= "b" and n3 or 2)) > math.floor(n1) then
        say()
        say(...)
        say(x2 and three(...) and (not ((...)) and (not false)), ({ a = (t1[ 1 ]) == x1, x2 })[ 1 ], ...)
      else
        say(P(function(...)
          if not tick() then return end
          fs[#fs + 1] = function()  return x2, x2, n3 end
          fs[#fs + 1] = function()  return x2, x1, n1 end
          x1 = ({ b = (x2), (((...)) ~= false or (x2 == n3)) == (x1 and x1) })[ not ((...)) ]
          return select('#', x2)
        end, (select(-1, 0x10 < n1, x2, x2)), x1))
      end
      return (f1(#{ n3 }))
    end
  end
  for n4 = 3, 1, -1 do
    local s3 = (('%s|%d|%5.1f|%q'):format((((('3'):sub(4, 1)) .. (s1 .. 'a')) .. cl((0 == nil and (true ~= x2) and ("0x1e" - n4) or #s1))), cl(gn * 1e2), lim(n4), type(x2))):sub(1, 40)
  end
  return f1((s1 .. cl(2.5)), t1.b, (id()), t1:m((x1), x2))
end, true, N((...))))
say(P(function(...)
  if not tick() then return end
  t1.a, fs.v, t1.c, x2 = (function(...) return 'nl' end)(), (('c') and n1 > ((1E1 % 4) ^ 3)), x1
  return (select(2, ({ a = 'c', [ "a" ] = x2 })[ (1 ~= true) ], not ((...)), x1))
end, (not (gx and (not ((...))))), t1.c, (obj(n1 * n1) * 2), ...))
say(n1, s1, x1, x2, t1, gn, gs, gx, gt)
end
say(P(main))
for i = 1, #fs do if i > 12 then break end say('fs', i, P(fs[i], i)) end
for i = 1, #fs do if i > 12 then break end say('fs', i, P(fs[i], i, 'z')) end

end program() end
do local function program(...)
print("begin") 
local out = print
local function num(v) if v ~= v then return "nan" elseif v == 1/0 then return "inf" elseif v == -1/0 then return "-inf" elseif v == 0 then return "0" end return ("%.9g"):format(v) end
local function show(v, d)
  d = d or 0
  local ty = type(v)
  if ty == "number" then return num(v) end
  if ty == "string" then return '"' .. v .. '"' end
  if ty ~= "table" then return (ty == "nil" or ty == "boolean") and tostring(v) or ty end
  if d > 2 then return "{..}" end
  local ks, parts = {}, {}
  for k in next, v do if type(k) == "string" or type(k) == "number" then ks[#ks+1] = k end end
  table.sort(ks, function(a, b) if type(a) == type(b) then return a < b end return type(a) == "number" end)
  for i, k in ipairs(ks) do parts[i] = (type(k) == "number" and num(k) or k) .. "=" .. show(rawget(v, k), d + 1) if i > 12 then break end end
  return (getmetatable(v) and "M{" or "{") .. table.concat(parts, ",") .. "}"
end
local lines = 0
local function say(...)
  lines = lines + 1
  if lines > 400 then return end
  local parts = {}
  for i = 1, select("#", ...) do parts[i] = show((select(i, ...))) end
  out(table.concat(parts, " "))
end
local function err(e)
  if type(e) ~= "string" then return show(e) end
  local l, m = e:match("^program%.lua:(%d+): (.*)$")
  if e:find("stack overflow") then return "SO" end if e:find("attempt to yield") then return "YIELD" end
  if not l then return "noplace " .. e end
  if m:find("^attempt") or m:find("stack overflow") or m:find("^cannot perform") or m:find("undefined") or m:find("^for statement") or m:find("^'for'") or m:find("^unhashable") then m = "OP" end
  return l .. " " .. m
end
local function res(ok, e, ...) if ok then return ok, e, ... end return ok, err(e) end
local function P(...) return res(pcall(...)) end
local steps = 0
local function tick() steps = steps + 1 return steps < 100 end
local function cl(v) if type(v) ~= "number" or v ~= v or v > 1e9 or v < -1e9 then return 3 end return math.floor(v) % 100 end
local function lim(v) if type(v) ~= "number" or v ~= v or v > 1e6 or v < -1e6 then return 2 end return v end
local function N(v) return type(v) == "number" and lim(v) or 1 end
local function id(...) return ... end
local function sev(...) return ..., 5, nil, 6 end
local function three() return 1, 2, 3 end
local function none() end
local mt
mt = {
  __add = function(a, b) return "add" end, __sub = function(a, b) return type(a) .. type(b) end, __mul = function(a, b) return a, 1 end,
  __concat = function(a, b) return (type(a) == "table" and "T" or a) .. "~" .. (type(b) == "table" and "T" or b) end,
  __unm = function(a, b) return "unm" end, __eq = function(a, b) return a.v == b.v end, __lt = function(a, b) return a.v < b.v end,
  __index = function(t, k) return k == "m" and function(self, ...) return self == t, ... end or k end,
  __call = function(self, ...) return select("#", ...), ... end, __len = nil,
  __tostring = function() return "OBJ" end,
}
local function obj(v) return setmetatable({ v = v }, mt) end
local fs = {}
local function range(n, m) n = cl(n) % 4 local i = 0 return function(s, c) i = i + 1 if i <= n then return i, m, s, c end end, m, n end
local function mk(...) return range end
local ro = { range = function(self, n) return range(n, self ~= nil) end, r = range }
local function wantnext(t, k) return next, t, k end
local function main(...)
gn, gs, gx, gt, gf = 1, 'g', nil, { a = 1, 2, m = function(self, ...) return ... end, w = function() return 'w' end }, id
local n1 = 1
local s1 = 's'
local x1 = nil
local x2 = false
local t1 = { a = 5, 'e', m = function(self, ...) return 'M', ... end, w = three }
local f1 = sev
say(P(function(x3)
  if not tick() then return end
  say(-2 ^ 3)
  return x2
end, '57', ...))
say(P(function(x3, x1)
  if not tick() then return end
  say(P(function(x3, x2)
    if not tick() then return end
    local k = { [ 1 ] = t1.a; a = x3; (sev()) } for k, v in pairs(k) do k = nil end
    if x3 == (n1 <= 10 or (n1 == gn) and n1 > n1 or (s1 > '')) then
      do local co1
      co1 = coroutine.create(function(x3, x1)
        if not tick() then return end
        fs[#fs + 1] = function(x4, x1, ...)
          if not tick() then return end
          x3, x1 = next({ math.max(n1, n1) }), (t1:m(({ x3, x2, a = (f1(...)), b = x1 })[ 1 ], (('3'):gsub('l*', "%1")), (s1 .. cl(n1)))), (x1) or x1, unpack({ 'a' }, 1, 3)
          return t1[ n1 - gn ], f1((('\\' == '\65\066') or s1 == s1), ...)
        end
        for n4 = 3, 1, -1 do
          say(-obj(1))
          t1[ cl(N(x1)) ] = ({ (sev()) })[ (n4 ~= n4 or (x1)) == ((('a' .. cl(0))) ~= s1) ]
        end
        local x4 = obj(n1) == obj(N(0))
      end)
      for i = 1, 4 do say(coroutine.status(co1), res(coroutine.resume(co1, (not ((x3)) or not x2 and '3' or 'x\ty'), (x3), (gx or x2 ~= 1) == (x2 and true)))) end say(coroutine.status(co1)) end
    end
    return t1.b, select(1, (25e-1) + .5, (n1 == 0x1F) or (not ('c')))
  end, x2, ((gs .. '3') .. cl(("4" + n1))), ("0x60" - ((select(2, 7, 8, ({ 1, n1, 0x1F })[2]))))))
  do
    say(P(function(x4)
      if not tick() then return end
      say((0 or (x4)) and (n1 <= n1) and (true == (t1[ n1 ])))
      return (select(1, ([[long]]) <= s1 and 'nl' ~= s1, 'nl'))
    end, f1({ 1, x1, f1(x1, x2, x3, three()) })))
    if not (("q\"q") > ("q\"q") and gn ~= 3 and ("q\"q") <= s1) then
      repeat
        if (#(type({ x1, (x3), n1 }))) < n1 then break end
        if (select('#', f1((x1), n1, (x2)))) > n1 then
          id(({ x3; f1('x\ty' .. s1) })[ 2 ])
          local x3 = (not gx) or nil
          break
        elseif gs < ([==[l]=]]==]) or x3 then
          local x3, x3, x2, x1 = (t1[ 1 ]) ~= ((x2)), (function(...) local x1 = ... return x2 end)(gt.b)
          x3 = 10 > n1
        elseif not (({ [ "a" ] = s1 .. 'nl'; tostring(true); n1 <= n1 })[ 1 ]) then
          x3 = (gs <= s1) == (x3) and not (false ~= n1) or obj(0) * 2 or t1:m({ c = x2, x2, c = (x1), sev() }, three((x1)))
          say(((('3' <= s1) == (x3) and '76' or '\65\066')) .. s1)
          n1 = lim(n1)
        end
        local n1 = lim(3)
      until ((((x2 and s1 or s1)):sub(-2, -1)) ~= ((s1 == s1 and s1 .. s1 or ([[long]]) .. '\65\066')) or f1(x1, x3)) or not tick()
      local x2, x4, x3, x4 = select(1, f1(n1, (x1), n1), { x2, ({ c = x1; sev() })[ 2 ], s1 ~= "b" })
    end
    x1 = t1[ not (x3 or x2) ]
  end
  if not x1 then return  end
  return x2
end, (...)))
say(n1, s1, x1, x2, t1, gn, gs, gx, gt)
end
say(P(main))
for i = 1, #fs do if i > 12 then break end say('fs', i, P(fs[i], i)) end
for i = 1, #fs do if i > 12 then break end say('fs', i, P(fs[i], i, 'z')) end

end program() end
do local function program(...)
print("begin") 
local out = print
local function num(v) if v ~= v then return "nan" elseif v == 1/0 then return "inf" elseif v == -1/0 then return "-inf" elseif v == 0 then return "0" end return ("%.9g"):format(v) end
local function show(v, d)
  d = d or 0
  local ty = type(v)
  if ty == "number" then return num(v) end
  if ty == "string" then return '"' .. v .. '"' end
  if ty ~= "table" then return (ty == "nil" or ty == "boolean") and tostring(v) or ty end
  if d > 2 then return "{..}" end
  local ks, parts = {}, {}
  for k in next, v do if type(k) == "string" or type(k) == "number" then ks[#ks+1] = k end end
  table.sort(ks, function(a, b) if type(a) == type(b) then return a < b end return type(a) == "number" end)
  for i, k in ipairs(ks) do parts[i] = (type(k) == "number" and num(k) or k) .. "=" .. show(rawget(v, k), d + 1) if i > 12 then break end end
  return (getmetatable(v) and "M{" or "{") .. table.concat(parts, ",") .. "}"
end
local lines = 0
local function say(...)
  lines = lines + 1
  if lines > 400 then return end
  local parts = {}
  for i = 1, select("#", ...) do parts[i] = show((select(i, ...))) end
  out(table.concat(parts, " "))
end
local function err(e)
  if type(e) ~= "string" then return show(e) end
  local l, m = e:match("^program%.lua:(%d+): (.*)$")
  if e:find("stack overflow") then return "SO" end if e:find("attempt to yield") then return "YIELD" end
  if not l then return "noplace " .. e end
  if m:find("^attempt") or m:find("stack overflow") or m:find("^cannot perform") or m:find("undefined") or m:find("^for statement") or m:find("^'for'") or m:find("^unhashable") then m = "OP" end
  return l .. " " .. m
end
local function res(ok, e, ...) if ok then return ok, e, ... end return ok, err(e) end
local function P(...) return res(pcall(...)) end
local steps = 0
local function tick() steps = steps + 1 return steps < 100 end
local function cl(v) if type(v) ~= "number" or v ~= v or v > 1e9 or v < -1e9 then return 3 end return math.floor(v) % 100 end
local function lim(v) if type(v) ~= "number" or v ~= v or v > 1e6 or v < -1e6 then return 2 end return v end
local function N(v) return type(v) == "number" and lim(v) or 1 end
local function id(...) return ... end
local function sev(...) return ..., 5, nil, 6 end
local function three() return 1, 2, 3 end
local function none() end
local mt
mt = {
  __add = function(a, b) return "add" end, __sub = function(a, b) return type(a) .. type(b) end, __mul = function(a, b) return a, 1 end,
  __concat = function(a, b) return (type(a) == "table" and "T" or a) .. "~" .. (type(b) == "table" and "T" or b) end,
  __unm = function(a, b) return "unm" end, __eq = function(a, b) return a.v == b.v end, __lt = function(a, b) return a.v < b.v end,
  __index = function(t, k) return k == "m" and function(self, ...) return self == t, ... end or k end,
  __call = function(self, ...) return select("#", ...), ... end, __len = nil,
  __tostring = function() return "OBJ" end,
}
local function obj(v) return setmetatable({ v = v }, mt) end
local fs = {}
local function range(n, m) n = cl(n) % 4 local i = 0 return function(s, c) i = i + 1 if i <= n then return i, m, s, c end end, m, n end
local function mk(...) return range end
local ro = { range = function(self, n) return range(n, self ~= nil) end, r = range }
local function wantnext(t, k) return next, t, k end
local function main(...)
gn, gs, gx, gt, gf = 1, 'g', nil, { a = 1, 2, m = function(self, ...) return ... end, w = function() return 'w' end }, id
local n1 = 1
local s1 = 's'
local x1 = nil
local x2 = false
local t1 = { a = 5, 'e', m = function(self, ...) return 'M', ... end, w = three }
local f1 = sev
say(P(function(x1, ...)
  if not tick() then return end
  do local co1
  co1 = coroutine.create(function(x4, x1, ...)
    if not tick() then return end
    local t4 = t1
    repeat
    until ((s1 >= s1) or not ((...)) or ((not nil) and 5 > 1e2) and n1 < n1) or not tick()
    local x2 = gt[ 1 ]
    return x2, ({ not x1; ... })[ (...) ]
  end)
  for i = 1, 3 do say(coroutine.status(co1), res(coroutine.resume(co1, x2, t1[ '81' ]))) end say(coroutine.status(co1)) end
  local k = { [ -n1 ] = s1; [ 2 ] = ('\65\066'):sub(4, 0); [ ({ n1, 10, 25e-1 })[1] ] = x1 } for k, v in pairs(k) do k = nil end
  return '56' >= "b" .. s1, obj(n1) == obj(#s1) and ('c')
end, x1))
say(P(function(x4, ...)
  if not tick() then return end
  x4 = 0
  say(t1[ n1 ], (...))
  return ((not ((...))) and x4 and (s1 ~= 'x\ty')) == (((s1 ~= s1) and x2) or ((n1 >= n1) and (x1 ~= gx)))
end, (type(gx)) .. (s1 .. gs), ...))
say(P(function(...)
  if not tick() then return end
  for n3 = 3, 1, -1 do
    do
      if 3. < 10 then break end
      if 1e2 < n1 then error(n3 >= n1) end
    end
    local s3 = (s1):sub(1, 40)
  end
  function gf(x4)
    if not tick() then return end
    local x4, x1 = ("b") == ((-2 ^ 3) > (-n1)), not x4, #(('a' and tostring(obj(1)) or s1))
    return f1(({ "q\"q" })[ 1 ])
  end
  return x2 or ((not x1) and (s1 == s1))
end, (f1(x2, x1)), '10'))
say(n1, s1, x1, x2, t1, gn, gs, gx, gt)
end
say(P(main))
for i = 1, #fs do if i > 12 then break end say('fs', i, P(fs[i], i)) end
for i = 1, #fs do if i > 12 then break end say('fs', i, P(fs[i], i, 'z')) end

end program() end
do local function program(...)
print("begin") 
local out = print
local function num(v) if v ~= v then return "nan" elseif v == 1/0 then return "inf" elseif v == -1/0 then return "-inf" elseif v == 0 then return "0" end return ("%.9g"):format(v) end
local function show(v, d)
  d = d or 0
  local ty = type(v)
  if ty == "number" then return num(v) end
  if ty == "string" then return '"' .. v .. '"' end
  if ty ~= "table" then return (ty == "nil" or ty == "boolean") and tostring(v) or ty end
  if d > 2 then return "{..}" end
  local ks, parts = {}, {}
  for k in next, v do if type(k) == "string" or type(k) == "number" then ks[#ks+1] = k end end
  table.sort(ks, function(a, b) if type(a) == type(b) then return a < b end return type(a) == "number" end)
  for i, k in ipairs(ks) do parts[i] = (type(k) == "number" and num(k) or k) .. "=" .. show(rawget(v, k), d + 1) if i > 12 then break end end
  return (getmetatable(v) and "M{" or "{") .. table.concat(parts, ",") .. "}"
end
local lines = 0
local function say(...)
  lines = lines + 1
  if lines > 400 then return end
  local parts = {}
  for i = 1, select("#", ...) do parts[i] = show((select(i, ...))) end
  out(table.concat(parts, " "))
end
local function err(e)
  if type(e) ~= "string" then return show(e) end
  local l, m = e:match("^program%.lua:(%d+): (.*)$")
  if e:find("stack overflow") then return "SO" end if e:find("attempt to yield") then return "YIELD" end
  if not l then return "noplace " .. e end
  if m:find("^attempt") or m:find("stack overflow") or m:find("^cannot perform") or m:find("undefined") or m:find("^for statement") or m:find("^'for'") or m:find("^unhashable") then m = "OP" end
  return l .. " " .. m
end
local function res(ok, e, ...) if ok then return ok, e, ... end return ok, err(e) end
local function P(...) return res(pcall(...)) end
local steps = 0
local function tick() steps = steps + 1 return steps < 100 end
local function cl(v) if type(v) ~= "number" or v ~= v or v > 1e9 or v < -1e9 then return 3 end return math.floor(v) % 100 end
local function lim(v) if type(v) ~= "number" or v ~= v or v > 1e6 or v < -1e6 then return 2 end return v end
local function N(v) return type(v) == "number" and lim(v) or 1 end
local function id(...) return ... end
local function sev(...) return ..., 5, nil, 6 end
local function three() return 1, 2, 3 end
local function none() end
local mt
mt = {
  __add = function(a, b) return "add" end, __sub = function(a, b) return type(a) .. type(b) end, __mul = function(a, b) return a, 1 end,
  __concat = function(a, b) return (type(a) == "table" and "T" or a) .. "~" .. (type(b) == "table" and "T" or b) end,
  __unm = function(a, b) return "unm" end, __eq = function(a, b) return a.v == b.v end, __lt = function(a, b) return a.v < b.v end,
  __index = function(t, k) return k == "m" and function(self, ...) return self == t, ... end or k end,
  __call = function(self, ...) return select("#", ...), ... end, __len = nil,
  __tostring = function() return "OBJ" end,
}
local function obj(v) return setmetatable({ v = v }, mt) end
local fs = {}
local function range(n, m) n = cl(n) % 4 local i = 0 return function(s, c) i = i + 1 if i <= n then return i, m, s, c end end, m, n end
local function mk(...) return range end
local ro = { range = function(self, n) return range(n, self ~= nil) end, r = range }
local function wantnext(t, k) return next, t, k end
local function main(...)
gn, gs, gx, gt, gf = 1, 'g', nil, { a = 1, 2, m = function(self, ...) return ... end, w = function() return 'w' end }, id
local n1 = 1
local s1 = 's'
local x1 = nil
local x2 = false
local t1 = { a = 5, 'e', m = function(self, ...) return 'M', ... end, w = three }
local f1 = sev
say(P(function(x2)
  if not tick() then return end
  function t1:m(x3, x1, ...)
    if not tick() then return end
    for n1 = 1, 2, .5 do
      do local co2
      co2 = coroutine.create(function(x2, x1)
        if not tick() then return end
        do local t = { N((f1(x2, (x1), false))), math.max((gn % 4) ^ 3, -1), (((s1 .. cl(2.5))) .. cl(N(false))) } table.insert(t, (-"2") - (N(x1))) table.insert(t, 3, 9) say(t, #t) say(table.remove(t)) say(table.remove(t, 4)) say(t, #t) t[#t] = nil say(#t, t) end
        return t1.b, id(({ c = n1 < n1, x2, c = (x1), (sev()) })[ 1 ], t1[ gs ])
      end)
      for i = 1, 2 do say(coroutine.status(co2), res(coroutine.resume(co2, (...), s1, ({ '\\'; [ cl(n1) ] = s1; ... })[ 2 ]))) end say(coroutine.status(co2)) end
      if x1 == x1 then error(tostring(true)) end
      while not (('nl')) and tick() do
        do
          id(("b" < '\\'), t1[ 1 ])
          local x1, x1, x1 = ((not x2) == (not false)) and 0 or ((10 ~= n1) == (not ((...)))) or not ({ [ cl(10 + (-1)) ] = x3; '' > ''; c = (...); [ cl(math.floor(.5)) ] = t1[ n1 ] })
          x1 = (t1.b)
        end
      end
    end
    return (s1 .. gs) == '60' or ((n1 + n1) <= (-1))
  end
  for n2 = lim(gn) % 10, 10, 3 do
    say(n1 / 2.5)
  end
  say(xpcall(function(x2)
    if not tick() then return end
    if 5 > n1 or (gx == x2) or 1 == (s1 < s1) or ((not x2) or (s1 > '') == (gx == gx) and (none(n1, x1, x2, three()))) then return x2, f1(t1[ N(gx) ], (-obj(1))) end
    local function f2(x3, x4)
      if not tick() then return end
      do local big = { 'c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', 'c9', 'c10', 'c11', 'c12', 'c13', 'c14', 'c15', 'c16', 'c17', 'c18', 'c19', 'c20', 'c21', 'c22', 'c23', 'c24', 'c25', 'c26', 'c27', 'c28', 'c29', 'c30', 'c31', 'c32', 'c33', 'c34', 'c35', 'c36', 'c37', 'c38', 'c39', 'c40', 'c41', 'c42', 'c43', 'c44', 'c45', 'c46', 'c47', 'c48', 'c49', 'c50', 'c51', 'c52', 'c53', 'c54', 'c55', 'c56', 'c57', 'c58', 'c59', 'c60', 'c61', 'c62', 'c63', 'c64', 'c65', 'c66', 'c67', 'c68', 'c69', 'c70', 'c71', 'c72', 'c73', 'c74', 'c75', 'c76', 'c77', 'c78', 'c79', 'c80', 'c81', 'c82', 'c83', 'c84', 'c85', 'c86', 'c87', 'c88', 'c89', 'c90', 'c91', 'c92', 'c93', 'c94', 'c95', 'c96', 'c97', 'c98', 'c99', 'c100', 'c101', 'c102', 'c103', 'c104', 'c105', 'c106', 'c107', 'c108', 'c109', 'c110', 'c111', 'c112', 'c113', 'c114', 'c115', 'c116', 'c117', 'c118', 'c119', 'c120', 'c121', 'c122', 'c123', 'c124', 'c125', 'c126', 'c127', 'c128', 'c129', 'c130', 'c131', 'c132', 'c133', 'c134', 'c135', 'c136', 'c137', 'c138', 'c139', 'c140', 'c141', 'c142', 'c143', 'c144', 'c145', 'c146', 'c147', 'c148', 'c149', 'c150', 'c151', 'c152', 'c153', 'c154', 'c155', 'c156', 'c157', 'c158', 'c159', 'c160', 'c161', 'c162', 'c163', 'c164', 'c165', 'c166', 'c167', 'c168', 'c169', 'c170', 'c171', 'c172', 'c173', 'c174', 'c175', 'c176', 'c177', 'c178', 'c179', 'c180', 'c181', 'c182', 'c183', 'c184', 'c185', 'c186', 'c187', 'c188', 'c189', 'c190', 'c191', 'c192', 'c193', 'c194', 'c195', 'c196', 'c197', 'c198', 'c199', 'c200', 'c201', 'c202', 'c203', 'c204', 'c205', 'c206', 'c207', 'c208', 'c209', 'c210', 'c211', 'c212', 'c213', 'c214', 'c215', 'c216', 'c217', 'c218', 'c219', 'c220', 'c221', 'c222', 'c223', 'c224', 'c225', 'c226', 'c227', 'c228', 'c229', 'c230', 'c231', 'c232', 'c233', 'c234', 'c235', 'c236', 'c237', 'c238', 'c239', 'c240', 'c241', 'c242', 'c243', 'c244', 'c245', 'c246', 'c247', 'c248', 'c249', 'c250', 'c251', 'c252', 'c253', 'c254', 'c255', 'c256', 'c257', 'c258', 'c259', 'c260', 'c261', 'c262', 'c263', 'c264', x = #gs } say(#big, big[1], big[50], big[51], big[265], big.x) end
      function gf(x4, x3, ...)
        if not tick() then return end
        say()
        say()
        return ...
      end
      say(f2())
      return gx, f2(x2, select(-1, (x1), three()))
    end
    do local co1
    co1 = coroutine.create(function(x3)
      if not tick() then return end
      function t1:m(x1, x2)
        if not tick() then return end
        do local co1
        co1 = coroutine.create(function(x4)
          if not tick() then return end
          local x4 = nil
          local s3 = ('\65\066'):sub(1, 40)
          local f3 = f1
          return -obj(1) and x3
        end)
        for i = 1, 2 do say(coroutine.status(co1), res(coroutine.resume(co1, "b" .. s1, N({ id() }), (x1)))) end say(coroutine.status(co1)) end
        local n1 = lim(((x2 and n1 or ({ n1, 0x10 % -3, n1 })[3])) + 1e2)
        return (f2(false))
      end
      fs[#fs + 1] = function()
        if not tick() then return end
        fs[#fs + 1] = function()
          if not tick() then return end
          n1 = lim(0x10)
          n1 = lim(2)
        end
        x1, gx, t1[ 'k' ], gx = ((gs):gsub('a', "%1")), next({ -n1 })
        function t1:w()
          if not tick() then return end
          x3 = (not x2) or (true)
          say(x2, x2)
          return unpack({ obj(n1) * 2, (obj(gn) <= obj(2 ^ 2)), -2 ^ 0 }, 1, 3)
        end
        return not (not x2 and n1 == gx)
      end
      return 
    end)
    for i = 1, 2 do say(coroutine.status(co1), res(coroutine.resume(co1, t1:m()))) end say(coroutine.status(co1)) end
    return t1.a
  end, function(e) return err(e), (n1 == 1E1 and '\\' or "q\"q") end))
  return select(2, '10' <= s1)
end, t1.a))
say(P(function(x4, x3, ...)
  if not tick() then return end
  for x2 in range(N(gn) - n1) do
    function t1:w(x4)
      if not tick() then return end
      for x4 in wantnext({ { true, b = { x2; c = x2; [ math.floor(gn) ] = (x2); sev() }, x4, [ cl(n1) ] = (f1(n1, (x3))), sev() }, 1 }) do
        fs[#fs + 1] = function(x2, x1, x4, ...)
          if not tick() then return end
          f1((('10' .. cl(1e2 - n1))) .. (tostring(true)))
          say(t1.b, (select(2, (x2) == (x4))), 'c', ...)
          gf()
          return ...
        end
      end
      fs[#fs + 1] = function()  return n1, x4, gn end
      say(P(function()
        if not tick() then return end
        x4 = not ((x4) or gx)
        local f1 = function(...)
          if not tick() then return end
          f1(t1.a, (n1 == n1 and s1 or '66'), { b = 0 == n1, [ n1 ] = 2 ^ 2 }, ...)
          return { (2.5 > n1 and '\\' or '\65\066'), ({  })[ x1 ], f1(math.floor(3), t1.a, t1.a) }, { true; -obj(1) }
        end
        return t1[ 2 ]
      end, ((("0x4a" - n1)) <= n1), { [ cl(-n1) ] = 0; [ cl(n1) ] = x4; [ 1 ] = gx; [ N(nil) ] = '90'; sev() }, t1[ 1 ]))
      return (f1(x2, x3))
    end
  end
  local function f2(x4)
    if not tick() then return end
    while tick() and (100 < ((2 ^ 0 + n1 % 4) ^ 3)) do
      do local co3
      co3 = coroutine.create(function(x3)
        if not tick() then return end
        local f3 = function()
          if not tick() then return end
          say(x4, t1[ 2 ])
          local n2 = lim(n1)
          local x4 = t1[ 1 ]
          return t1:w(x4, t1.a, x4, t1:m())
        end
        repeat
          gx, fs.v, fs.v = (x1 ~= ((x3)) or (x2 == n1) and not (f2(n1, x3, x3, three()))) or (0), select(1, obj(n1) .. 7), ({ (x2); f2('97', x3) })[ false ]
          f3()
        until not tick() or (((nil) and not (x4 and n1 < n1)) == (not ({ obj(n1)(x3, (x3), 2, three()); c = { 0, 0 } })))
        return { [ "a" ] = (n1 + n1) + n1 + n1, a = -obj(1), [ cl(N((x4))) ] = ((x1)) ~= x2, sev() }, gf(x3, { [ 1 ] = 'a'; sev() })
      end)
      for i = 1, 1 do say(coroutine.status(co3), res(coroutine.resume(co3, nil))) end say(coroutine.status(co3)) end
    end
    say((x4))
    return 
  end
  repeat
    say(true)
  until not tick() or t1:w(x2, { c = x3 })
end, (not (n1 ~= n1)), x2, (...)))
say(P(function(x3)
  if not tick() then return end
  say((false ~= x3))
  say(gf(gx, three()))
  say(f1(x3, three()))
end, (3. >= n1) or (n1 ~= n1), (gt:w(...)), (obj(N(x1)) * 2)))
say(n1, s1, x1, x2, t1, gn, gs, gx, gt)
end
say(P(main))
for i = 1, #fs do if i > 12 then break end say('fs', i, P(fs[i], i)) end
for i = 1, #fs do if i > 12 then break end say('fs', i, P(fs[i], i, 'z')) end

end program() end
do local function program(...)
print("begin") 
local out = print
local function num(v) if v ~= v then return "nan" elseif v == 1/0 then return "inf" elseif v == -1/0 then return "-inf" elseif v == 0 then return "0" end return ("%.9g"):format(v) end
local function show(v, d)
  d = d or 0
  local ty = type(v)
  if ty == "number" then return num(v) end
  if ty == "string" then return '"' .. v .. '"' end
  if ty ~= "table" then return (ty == "nil" or ty == "boolean") and tostring(v) or ty end
  if d > 2 then return "{..}" end
  local ks, parts = {}, {}
  for k in next, v do if type(k) == "string" or type(k) == "number" then ks[#ks+1] = k end end
  table.sort(ks, function(a, b) if type(a) == type(b) then return a < b end return type(a) == "number" end)
  for i, k in ipairs(ks) do parts[i] = (type(k) == "number" and num(k) or k) .. "=" .. show(rawget(v, k), d + 1) if i > 12 then break end end
  return (getmetatable(v) and "M{" or "{") .. table.concat(parts, ",") .. "}"
end
local lines = 0
local function say(...)
  lines = lines + 1
  if lines > 400 then return end
  local parts = {}
  for i = 1, select("#", ...) do parts[i] = show((select(i, ...))) end
  out(table.concat(parts, " "))
end
local function err(e)
  if type(e) ~= "string" then return show(e) end
  local l, m = e:match("^program%.lua:(%d+): (.*)$")
  if e:find("stack overflow") then return "SO" end if e:find("attempt to yield") then return "YIELD" end
  if not l then return "noplace " .. e end
  if m:find("^attempt") or m:find("stack overflow") or m:find("^cannot perform") or m:find("undefined") or m:find("^for statement") or m:find("^'for'") or m:find("^unhashable") then m = "OP" end
  return l .. " " .. m
end
local function res(ok, e, ...) if ok then return ok, e, ... end return ok, err(e) end
local function P(...) return res(pcall(...)) end
local steps = 0
local function tick() steps = steps + 1 return steps < 100 end
local function cl(v) if type(v) ~= "number" or v ~= v or v > 1e9 or v < -1e9 then return 3 end return math.floor(v) % 100 end
local function lim(v) if type(v) ~= "number" or v ~= v or v > 1e6 or v < -1e6 then return 2 end return v end
local function N(v) return type(v) == "number" and lim(v) or 1 end
local function id(...) return ... end
local function sev(...) return ..., 5, nil, 6 end
local function three() return 1, 2, 3 end
local function none() end
local mt
mt = {
  __add = function(a, b) return "add" end, __sub = function(a, b) return type(a) .. type(b) end, __mul = function(a, b) return a, 1 end,
  __concat = function(a, b) return (type(a) == "table" and "T" or a) .. "~" .. (type(b) == "table" and "T" or b) end,
  __unm = function(a, b) return "unm" end, __eq = function(a, b) return a.v == b.v end, __lt = function(a, b) return a.v < b.v end,
  __index = function(t, k) return k == "m" and function(self, ...) return self == t, ... end or k end,
  __call = function(self, ...) return select("#", ...), ... end, __len = nil,
  __tostring = function() return "OBJ" end,
}
local function obj(v) return setmetatable({ v = v }, mt) end
local fs = {}
local function range(n, m) n = cl(n) % 4 local i = 0 return function(s, c) i = i + 1 if i <= n then return i, m, s, c end end, m, n end
local function mk(...) return range end
local ro = { range = function(self, n) return range(n, self ~= nil) end, r = range }
local function wantnext(t, k) return next, t, k end
local function main(...)
gn, gs, gx, gt, gf = 1, 'g', nil, { a = 1, 2, m = function(self, ...) return ... end, w = function() return 'w' end }, id
local n1 = 1
local s1 = 's'
local x1 = nil
local x2 = false
local t1 = { a = 5, 'e', m = function(self, ...) return 'M', ... end, w = three }
local f1 = sev
say(P(function()
  if not tick() then return end
  do
    local t1 = t1
    say(f1(-obj(1)))
  end
  do local co2
  co2 = coroutine.create(function(...)
    if not tick() then return end
    local function f4(x1, ...)
      if not tick() then return end
      local f2 = f4
      return not (gx) and (id() and (((...)) ~= ('c')))
    end
    x2 = x2
    return coroutine.yield(...)
  end)
  for i = 1, 4 do say(coroutine.status(co2), res(coroutine.resume(co2, (function(...) local x1 = ... return (...) end)((x2), '\65\066')))) end say(coroutine.status(co2)) end
  local t3 = t1
  return (obj(N(x2)) .. 7), x2
end, x1, not n1 or ('\65\066' <= s1)))
say(P(function(...)
  if not tick() then return end
  gx, gx, t1.b, x1 = ((s1 .. '58') .. ((x1 == x1 and (gs .. cl(n1)) or table.concat({ s1, cl(1E1), s1 }, 'nl')))) <= (type('c')), (x2) or ((-2 ^ 3) ~= ({ t1[ 'nl' ]; not ((...)); t1[ 2 ]; (...) })), -obj(1)
  say()
  return x1, (('a'):rep(0):upper()) .. ((s1 .. cl(100)))
end, (x2 == (n1 <= 3)), (id(t1:m(0x1F, x1, (...), ...), t1[ n1 ], (x2))), ...))
say(n1, s1, x1, x2, t1, gn, gs, gx, gt)
end
say(P(main))
for i = 1, #fs do if i > 12 then break end say('fs', i, P(fs[i], i)) end
for i = 1, #fs do if i > 12 then break end say('fs', i, P(fs[i], i, 'z')) end

end program() end
