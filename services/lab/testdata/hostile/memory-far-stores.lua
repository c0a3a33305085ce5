-- Writes far behind the end of a list, which would be filled up with nils: a gigabyte in one instruction.
return {
  events = {
    MESSAGE_CREATE = function(ctx, event)
      local t = {}
      t[67108863] = 1
      t[1048575] = 1
      for i = 1, 100 do local u = {} u[1000000] = 1 t[i] = u end
    end,
  },
}
