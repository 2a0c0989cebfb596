local say = require("codearch.say")
local server = require("codearch.server")
local texts = require("codearch.texts")

return {
  summary = "end the server and start it again",
  run = function()
    say.info(texts.restarting)
    server.restart()
  end,
}
