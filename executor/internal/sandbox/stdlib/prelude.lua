-- pcall and xpcall run their function on a thread of its own: gopher-lua's own ones detach the variables that closures share
-- (yuin/gopher-lua#448). A function that yields there yields through to the coroutine that called pcall.

local run, again, yield, arm = ...

local function helper(f, ...)
  arm()
  return true, f(...)
end

local function finish(...) return ... end

-- The call of f is no tail call: when f's own last call is a yield, something must be left to come back to.
local function coroutine(f, ...)
  arm()
  return finish(f(...))
end

local function settle(thread, how, ...)
  if how == nil then return settle(again(thread, yield(...))) end
  return how, ...
end

local function pcall(...)
  return settle(run(helper, "pcall", ...))
end

local function handle(handler, ok, ...)
  if ok then return true, ... end
  local fine, message = pcall(handler, ...)
  if fine then return false, message end
  return false, "error in error handling"
end

local function xpcall(f, handler)
  return handle(handler, settle(run(helper, "xpcall", f)))
end

return pcall, xpcall, coroutine
