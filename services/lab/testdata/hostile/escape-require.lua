-- Requires files of the machine, of other templates and of nobody.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      for _, name in ipairs{ "/etc/passwd", "../other/init", "..", "os", "@antiraid/../kv", "@other/x", "init.lua\0", ("x/"):rep(100000) } do
        local ok = pcall(require, name)
        if ok then return name end
      end
      require "../../../etc/passwd"
    end,
  },
}
