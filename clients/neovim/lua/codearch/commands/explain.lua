local ask = require("codearch.ask")
local compat = require("codearch.compat")
local here = require("codearch.here")
local say = require("codearch.say")
local show = require("codearch.show")
local texts = require("codearch.texts")

local COMPLETION_MS = 500

local function name_of(symbol)
  return symbol.container ~= "" and symbol.container .. "." .. symbol.name or symbol.name
end

--- Return where one may go from a symbol: who calls it, what tests it, what it calls.
local function neighbours(answer)
  local found = {}
  local function add(form, symbol, uri, range)
    table.insert(found, { uri = uri, range = range, text = form:format(name_of(symbol)) })
  end
  for _, caller in ipairs(answer.callers) do
    add(texts.called_by, caller.symbol, caller.uri, caller.at)
  end
  for _, test in ipairs(answer.tests) do
    add(texts.tested_by, test, test.uri, test.selectionRange)
  end
  for _, callee in ipairs(answer.callees) do
    add(texts.calls, callee.symbol, callee.symbol.uri, callee.symbol.selectionRange)
  end
  return found
end

local function listed(answer, client, bang)
  local found = neighbours(answer)
  if #found == 0 then
    return show.nothing(texts.this_neighbour:format(name_of(answer.symbol)), client)
  end
  show.places(texts.explained:format(name_of(answer.symbol)), found, client, bang)
end

--- Show an explanation beside the cursor; <CR> there opens the place of a link, q closes it.
local function float(answer)
  local lines = vim.split(answer.markdown, "\n", { plain = true })
  local buffer, window = vim.lsp.util.open_floating_preview(lines, "markdown", {
    focus_id = "codearch-explain",
    border = "rounded",
    max_width = 100,
  })
  if not (buffer and vim.api.nvim_win_is_valid(window)) then
    return
  end
  vim.keymap.set("n", "<CR>", "<Plug>(codearch-follow)", { buffer = buffer, remap = true })
  vim.keymap.set("n", "q", "<Cmd>close<CR>", { buffer = buffer })
end

return {
  summary = "what is known of the symbol under the cursor, or of a name; with ! where one may go from it",
  run = function(given)
    local argument = given.words ~= "" and { symbol = given.words } or here()
    if argument then
      ask("explain", argument, function(answer, client)
        if given.bang then
          listed(answer, client)
        else
          float(answer)
        end
      end)
    end
  end,
  --- Ask to which caller or test to go: what a click on a code lens does.
  offer = function(argument)
    argument = vim.tbl_extend("force", argument, { offer = vim.NIL })
    argument.offer = nil
    ask("explain", argument, function(answer, client)
      listed(answer, client, require("codearch.options").get().list ~= "select")
    end)
  end,
  complete = function(lead)
    local client = compat.clients()[1]
    if not client or lead == "" then
      return {}
    end
    local found = {}
    local answers = vim.lsp.buf_request_sync(0, "workspace/symbol", { query = lead }, COMPLETION_MS) or {}
    for _, symbol in ipairs((answers[client.id] or {}).result or {}) do
      table.insert(found, say.plain(symbol.name))
    end
    return found
  end,
}
