-- What a user may say in vim.g.codearch, and what holds where nothing is said.
local M = {}

local DEFAULTS = {
  autostart = true, -- whether the server starts with the first file of one of `filetypes`
  cmd = { "codearch", "lsp" },
  filetypes = {
    "c",
    "cpp",
    "cs",
    "go",
    "java",
    "javascript",
    "javascriptreact",
    "python",
    "rust",
    "typescript",
    "typescriptreact",
  },
  list = "quickfix", -- or "select": results through vim.ui.select
  root_markers = { "codearch.toml", ".git" },
  settings = {}, -- the server's own, without the word `codearch` before them
}

function M.get()
  local given = vim.g.codearch
  return vim.tbl_extend("force", DEFAULTS, type(given) == "table" and given or {})
end

--- Return a sentence for each thing in vim.g.codearch that cannot be obeyed.
function M.problems()
  local texts = require("codearch.texts")
  local given = vim.g.codearch
  if given == nil then
    return {}
  elseif type(given) ~= "table" then
    return { texts.options_no_table }
  end
  local found = {}
  for key, value in pairs(given) do
    local default = DEFAULTS[key]
    if default == nil then
      table.insert(found, texts.unknown_option:format(key, table.concat(vim.tbl_keys(DEFAULTS), ", ")))
    elseif type(value) ~= type(default) then
      table.insert(found, texts.wrong_option:format(key, type(default), type(value)))
    end
  end
  if given.list and given.list ~= "quickfix" and given.list ~= "select" then
    table.insert(found, texts.wrong_list)
  end
  return found
end

return M
