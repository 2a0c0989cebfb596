local ask = require("codearch.ask")
local say = require("codearch.say")
local told = require("codearch.told")

return {
  summary = "how fresh the index is, how large, and what is off",
  run = function()
    ask("status", nil, function(answer)
      say.info(table.concat(told(answer), "\n"))
    end)
  end,
}
