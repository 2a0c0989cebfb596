local ask = require("codearch.ask")
local show = require("codearch.show")
local texts = require("codearch.texts")
local words = require("codearch.words")

local KEYS = {
  category = "text", rule = "text", status = "text", sort = "text", limit = "number", offset = "number",
}
local TYPES = { "N", "N", "I", "W", "E" } -- by severity, as the diagnostics have them

--- Return the path of this buffer's file below its root.
local function this_file()
  local name = vim.api.nvim_buf_get_name(0)
  local root = require("codearch.server").root(name)
  return root and name:sub(#root + 2) or name
end

return {
  summary = "findings of the workspace, of a path, or of this file (%)",
  run = function(given)
    local argument, free = words.apart(given.words, KEYS)
    if not argument then
      return
    end
    if #free > 0 then
      argument.path = free[1] == "%" and this_file() or table.concat(free, " ")
    end
    ask("debt.list", argument, function(answer, client)
      if #answer.items == 0 then
        return show.nothing(texts.this_debt, client)
      end
      local places = vim.tbl_map(function(one)
        local text = texts.debt_item:format(one.message, one.rule, one.effortHours, math.floor(one.priority + 0.5))
        return { uri = one.uri, range = one.range, type = TYPES[one.severity], text = text }
      end, answer.items)
      local title = texts.debt:format(#places, answer.total, answer.summary.effortHours)
      show.places(title, places, client, given.bang)
    end)
  end,
  complete = function(lead)
    local found = words.pairs({ "category", "sort", "status" })
    vim.list_extend(found, { "%", "rule=", "limit=", "offset=" })
    return vim.list_extend(found, vim.fn.getcompletion(lead, "file"))
  end,
}
