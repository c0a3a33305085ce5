-- Resumes a coroutine with fewer values than it waits for, and raises what is missing.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local co = coroutine.create(function()
        local message, problem = coroutine.yield()
        error(problem)
      end)
      coroutine.resume(co)
      local ok, e = coroutine.resume(co, "one")
      error(e)
    end,
  },
}
