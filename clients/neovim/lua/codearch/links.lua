-- Links of explanations and hovers: `[name](file:///...#L12)`.
local say = require("codearch.say")
local show = require("codearch.show")
local texts = require("codearch.texts")

local M = {}

--- Open the place whose link is under the cursor, in the window below a floating one.
function M.follow()
  local line, column = vim.api.nvim_get_current_line(), vim.api.nvim_win_get_cursor(0)[2] + 1
  for from, uri, number, to in line:gmatch("()%b[]%((file:[^)#]*)#L(%d+)[^)]*%)()") do
    if from <= column and column < to then
      if vim.api.nvim_win_get_config(0).relative ~= "" then
        vim.api.nvim_win_close(0, true)
      end
      local start = { line = tonumber(number) - 1, character = 0 }
      return show.open({ uri = uri, range = { start = start } }, "utf-8")
    end
  end
  say.info(texts.no_link)
end

return M
