-- One question to the server: its answer, or a sentence why there is none.
local compat = require("codearch.compat")
local say = require("codearch.say")
local server = require("codearch.server")
local texts = require("codearch.texts")

local newest = {} -- by command: who asks last is answered, however late the others come

--- Ask a command of the server. `on_answer` gets the answer and the client.
local function ask(name, argument, on_answer)
  local buffer = vim.api.nvim_get_current_buf()
  local turn = (newest[name] or 0) + 1
  newest[name] = turn
  server.with_client(buffer, function(client)
    local sent = compat.request(client, "workspace/executeCommand", {
      command = "codearch." .. name,
      arguments = { next(argument or {}) and argument or vim.empty_dict() },
    }, function(refusal, answer)
      if newest[name] ~= turn then
        return
      elseif refusal then
        say.error(texts.refused:format(say.plain(refusal.message or tostring(refusal))))
      else
        on_answer(answer, client)
      end
    end, vim.api.nvim_buf_is_loaded(buffer) and buffer or 0)
    if not sent then
      say.error(texts.no_answer)
    end
  end)
end

return ask
