local ask = require("codearch.ask")
local say = require("codearch.say")
local told = require("codearch.told")

return {
  summary = "stop following changes until resumed",
  run = function()
    ask("index.pause", nil, function(answer)
      say.info(told(answer)[1])
    end)
  end,
}
