-- The place under the cursor, as the server counts.
local compat = require("codearch.compat")
local say = require("codearch.say")
local texts = require("codearch.texts")

--- Return `{uri, position}` of the cursor; nil and a sentence where the buffer is no file.
return function()
  if vim.api.nvim_buf_get_name(0) == "" or vim.bo.buftype ~= "" then
    say.warn(texts.no_file)
    return nil
  end
  local place = vim.api.nvim_win_get_cursor(0)
  local column = compat.column(vim.api.nvim_get_current_line(), place[2])
  return { uri = vim.uri_from_bufnr(0), position = { line = place[1] - 1, character = column } }
end
