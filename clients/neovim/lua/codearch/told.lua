-- A status of the server in words.
local say = require("codearch.say")
local texts = require("codearch.texts")

--- Return the lines that tell a status.
return function(status)
  local model = status.model.name or ""
  local lines = {
    texts.status:format(
      status.state, status.files, status.symbols, status.pending, model ~= "" and model or "-", status.health
    ),
  }
  for _, folder in ipairs(status.folders) do
    local progress = folder.progress
    if type(progress) == "table" then
      local left = type(progress.secondsLeft) == "number" and texts.left:format(progress.secondsLeft) or ""
      table.insert(lines, texts.progress:format(folder.root, progress.phase, progress.share * 100, left))
    end
  end
  for _, problem in ipairs(status.problems) do
    table.insert(lines, texts.problem:format(problem.message, problem.mend or ""))
  end
  return vim.tbl_map(say.plain, lines)
end
