local ask = require("codearch.ask")
local say = require("codearch.say")
local told = require("codearch.told")

return {
  summary = "follow changes again after a pause",
  run = function()
    ask("index.resume", nil, function(answer)
      say.info(told(answer)[1])
    end)
  end,
}
