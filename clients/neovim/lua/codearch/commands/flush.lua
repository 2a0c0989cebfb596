local ask = require("codearch.ask")
local say = require("codearch.say")
local texts = require("codearch.texts")

return {
  summary = "wait until all that was written before is searchable",
  run = function()
    ask("index.flush", nil, function(answer)
      say.info(texts.flushed:format(answer.tookMs / 1000))
    end)
  end,
}
