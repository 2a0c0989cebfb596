local ask = require("codearch.ask")
local say = require("codearch.say")
local told = require("codearch.told")

return {
  summary = "throw the index away and build it anew",
  run = function()
    ask("index.rebuild", nil, function(answer)
      say.info(told(answer)[1])
    end)
  end,
}
