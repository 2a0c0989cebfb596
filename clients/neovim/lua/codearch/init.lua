-- :Codearch: its commands are the files of lua/codearch/commands, each `{summary, run, complete?}`.
local say = require("codearch.say")
local texts = require("codearch.texts")

local M = {}

--- Return the names of all commands, in alphabetical order.
function M.commands()
  local names = {}
  for _, file in ipairs(vim.api.nvim_get_runtime_file("lua/codearch/commands/*.lua", true)) do
    names[vim.fn.fnamemodify(file, ":t:r")] = true
  end
  names = vim.tbl_keys(names)
  table.sort(names)
  return names
end

local function load(name)
  return require("codearch.commands." .. name)
end

local function chosen(call)
  vim.ui.select(M.commands(), {
    prompt = texts.what,
    kind = "codearch",
    format_item = function(name)
      return name .. "  " .. load(name).summary
    end,
  }, function(name)
    if name then
      load(name).run(vim.tbl_extend("force", call, { words = "" }))
    end
  end)
end

--- Run what stands after :Codearch. Commands get `words` (text), `bang`, and `lines` of a range or nil.
function M.run(call)
  local name, words = call.args:match("^%s*(%S*)%s*(.-)%s*$")
  local given = { words = words, bang = call.bang, first = call.line1 - 1 }
  if call.range > 0 then
    given.lines = vim.api.nvim_buf_get_lines(0, call.line1 - 1, call.line2, false)
  end
  if name == "" then
    return chosen(given)
  elseif not vim.tbl_contains(M.commands(), name) then
    return say.error(texts.no_command:format(name, table.concat(M.commands(), ", ")))
  end
  load(name).run(given)
end

--- Return what may stand at the end of a command line.
function M.complete(lead, line)
  local name = line:match("Codearch!?%s+(%S+)%s")
  local known = {}
  if not name then
    known = M.commands()
  elseif vim.tbl_contains(M.commands(), name) and load(name).complete then
    known = load(name).complete(lead)
  end
  return vim.tbl_filter(function(word)
    return vim.startswith(word, lead)
  end, known)
end

--- Return the server's last status for a buffer (0 or nil the current one), or nil. For status lines.
function M.status(buffer)
  return require("codearch.server").status(buffer ~= 0 and buffer or nil)
end

return M
