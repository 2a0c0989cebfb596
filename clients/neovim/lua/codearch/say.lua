-- Sentences to the user, and texts of the workspace made harmless.
local M = {}

--- Return a text of the workspace as one line without control and direction characters.
function M.plain(text)
  text = text:gsub("\226\128[\142\143\168-\174]", ""):gsub("\226\129[\166-\169]", "")
  return (text:gsub("[%c]+", " "))
end

function M.info(text)
  vim.notify(text, vim.log.levels.INFO)
end

function M.warn(text)
  vim.notify(text, vim.log.levels.WARN)
end

function M.error(text)
  vim.notify(text, vim.log.levels.ERROR)
end

return M
