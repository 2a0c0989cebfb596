-- Drives Neovim, 0.7 or later, with the plugin as its user does; prints "passed" or fails with what went wrong.

local function until_true(what, holds)
  assert(vim.wait(tonumber(vim.env.PATIENCE_MS or 60000), holds, 20), "waited in vain for " .. what)
end

local said = {}
vim.notify = function(text)
  table.insert(said, text)
end
local function until_said(pattern)
  until_true(pattern .. " among " .. vim.inspect(said), function()
    for place, text in ipairs(said) do
      if text:find(pattern) then
        table.remove(said, place)
        return text
      end
    end
  end)
end

local offered
vim.ui.select = function(items, options, choose)
  offered = { items = items, options = options, choose = choose }
end
local function selected(what, run)
  offered = nil
  run()
  until_true(what, function()
    return offered
  end)
  return vim.tbl_map(offered.options.format_item, offered.items)
end

-- nothing but the plugin's folder: a file is opened, and the server runs
vim.opt.runtimepath:prepend(vim.env.PLUGIN)
vim.cmd("filetype on")
vim.cmd("runtime plugin/codearch.lua")
local root = vim.fn.getcwd()
vim.cmd("edit prices.py")
local buffer = vim.api.nvim_get_current_buf()
local compat = require("codearch.compat")
until_true("the server", function()
  return #compat.clients() == 1
end)
local client = compat.clients()[1]
assert(client.config.root_dir == root, client.config.root_dir)

local function home()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= "" then
      vim.api.nvim_win_close(window, true)
    end
  end
  vim.cmd("cclose")
  vim.api.nvim_set_current_buf(buffer)
end

local function flush()
  vim.cmd("Codearch flush")
  until_said("is searchable")
end

--- Return the quickfix list that a command of the user makes, as `title` and `file:line text`.
local function listed(what, run)
  vim.fn.setqflist({}, "r", { title = "", items = {} })
  run()
  until_true(what, function()
    return #vim.fn.getqflist() > 0
  end)
  local list = vim.fn.getqflist({ title = 1, items = 1 })
  local lines = vim.tbl_map(function(item)
    local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(item.bufnr), ":t")
    return ("%s:%d %s"):format(name, item.lnum, item.text)
  end, list.items)
  assert(vim.bo.buftype == "quickfix")
  home()
  return lines, list.title, list.items
end

local function asked(words)
  return listed(words, function()
    vim.cmd("Codearch " .. words)
  end)
end

local function float()
  local shown
  until_true("a floating window", function()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= "" then
        local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
        shown = { window = window, text = table.concat(lines, "\n") }
        return true
      end
    end
  end)
  return shown
end

flush()

-- what Neovim itself does with a server: hover, symbols, callers, findings
vim.fn.search("gross_price")
vim.lsp.buf.hover()
local shown = float().text
assert(shown:find("Called%*%* by 2 functions"), shown)
assert(shown:find("discounted", 1, true), shown)
home()
local symbols = listed("workspace symbols", function()
  vim.lsp.buf.workspace_symbol("grossprice")
end)
assert(symbols[1]:find("^prices.py"), symbols[1])
vim.api.nvim_win_set_cursor(0, { 5, 6 })
local callers = listed("callers", function()
  vim.lsp.buf.incoming_calls()
end)
assert(#callers == 2, vim.inspect(callers))
until_true("findings", function()
  return #vim.diagnostic.get(buffer) > 0
end)
local findings = vim.diagnostic.get(buffer)
assert(#findings == 1 and findings[1].source == "codearch", vim.inspect(findings))
assert(findings[1].message:find("TODO", 1, true), findings[1].message)

-- a click on a code lens asks where to go, and goes there
vim.lsp.codelens.refresh(vim.fn.has("nvim-0.10") == 1 and { bufnr = buffer } or nil)
until_true("code lenses", function()
  return #vim.lsp.codelens.get(buffer) > 0
end)
vim.api.nvim_win_set_cursor(0, { 5, 0 })
local places = selected("where to go", function()
  vim.lsp.codelens.run()
end)
assert(vim.tbl_contains(places, "bill.py:5  called by total"), vim.inspect(places))
for number, place in ipairs(places) do
  if place:find("^bill") then
    offered.choose(offered.items[number])
  end
end
assert(vim.fn.expand("%:t") == "bill.py" and vim.fn.line(".") == 5)
home()

-- search: in the quickfix list, or through vim.ui.select
local found, title = asked("search gross price")
assert(found[1]:find("^prices.py:5 function gross_price"), found[1])
assert(title:find("Search: gross price", 1, true), title)
found = selected("choices", function()
  vim.cmd("Codearch! search gross price")
end)
assert(found[1]:find("^prices.py:5  function gross_price"), found[1])
vim.g.codearch = { list = "select" }
selected("choices by options", function()
  vim.cmd("Codearch search gross price")
end)
vim.g.codearch = nil

-- similar: to what is under the cursor, to what is selected
vim.cmd("edit goods/good_3.py")
found = listed("similar code", function()
  vim.cmd("Codearch similar threshold=0.3 limit=5")
end)
assert(#found == 5 and found[5]:find("^good_%d+.py:1 %d+ %% "), vim.inspect(found))
vim.cmd("edit goods/good_3.py")
found = listed("code like the selected lines", function()
  vim.cmd("1,2Codearch similar threshold=0.3")
end)
assert(found[1]:find("%d+ %% function weigh_"), found[1])

-- explain: the place under the cursor, a name; a link leads to its place; ! lists
vim.api.nvim_win_set_cursor(0, { 5, 6 })
vim.cmd("Codearch explain")
local explained = float()
assert(explained.text:find("gross", 1, true) and explained.text:find("total", 1, true), explained.text)
vim.api.nvim_set_current_win(explained.window)
vim.fn.search("\\[total\\]")
vim.cmd([[execute "normal \<CR>"]])
assert(vim.fn.expand("%:t") == "bill.py" and vim.fn.line(".") == 4, vim.fn.expand("%") .. vim.fn.line("."))
home()
vim.cmd("Codearch explain discounted")
assert(float().text:find("discounted", 1, true))
home()
found = listed("neighbours", function()
  vim.cmd("Codearch! explain total")
end)
assert(vim.tbl_contains(found, "prices.py:5 calls gross_price"), vim.inspect(found))

-- debt
found, title = asked("debt % sort=path")
assert(#found == 2 and found[2]:find("^prices.py:11 TODO: .* %[todo%] %d"), vim.inspect(found))
assert(title:find("^Debt: 2 of 2, %d"), title)

-- graph: a list, or the text of a drawing
found = asked("graph")
assert(vim.tbl_contains(found, "bill.py:1 bill.py → prices.py  (import, 1)"), vim.inspect(found))
found = asked("graph calls bill.py")
assert(found[1]:find("total → gross_price", 1, true), vim.inspect(found))
vim.cmd("Codearch graph dependencies . format=mermaid")
until_true("a drawing", function()
  return vim.bo.filetype == "mermaid"
end)
assert(vim.api.nvim_buf_get_lines(0, 0, 1, false)[1]:find("^graph") or vim.fn.search("flowchart") > 0)
vim.cmd("bwipeout")

-- status, pause, resume, rebuild; what is refused has a sentence
vim.cmd("Codearch status")
until_said("ready: %d+ files, %d+ symbols")
vim.cmd("Codearch pause")
until_said("paused: ")
until_true("a status by itself", function()
  return (require("codearch").status(buffer) or {}).state == "paused"
end)
vim.cmd("Codearch flush")
until_said("The index is paused")
vim.cmd("Codearch search kind:enum zebra")
until_said("nothing found for kind:enum zebra. The index is paused")
vim.cmd("Codearch resume")
until_said("files")
flush()
vim.cmd("Codearch search kind:enum zebra")
until_said("nothing found for kind:enum zebra")
vim.cmd("Codearch search kind:gnome zebra")
until_said("gnome")
vim.cmd("Codearch explain nobody_knows")
until_said("nothing here is called 'nobody_knows'")
vim.cmd("Codearch debt colour=red")
until_said("colour=red")
vim.cmd("Codearch dance")
until_said('no command "dance"')
vim.cmd("new")
vim.cmd("Codearch similar")
until_said("no file")
vim.cmd("bwipeout")

-- completion
local function completed(line)
  return vim.fn.getcompletion("Codearch " .. line, "cmdline")
end
assert(vim.tbl_contains(completed("s"), "status") and vim.tbl_contains(completed("s"), "search"))
assert(vim.tbl_contains(completed("graph c"), "cycles"))
assert(vim.tbl_contains(completed("debt category=sec"), "category=security"))
assert(vim.tbl_contains(completed("explain gross"), "gross_price"), vim.inspect(completed("explain gross")))

-- names and texts of the workspace are shown as they are, and nothing of them runs
local evil = "evil $(touch pwned) `touch pwned` | call system('touch pwned') %#<cfile>.py"
found = asked("search marmalade")
assert(found[1]:find("^" .. vim.pesc(evil)), found[1])
vim.cmd("copen")
vim.cmd("cfirst")
assert(vim.fn.expand("%:t") == evil, vim.fn.expand("%"))
home()
selected("a choice", function()
  vim.cmd("Codearch! search marmalade")
end)
offered.choose(offered.items[1])
assert(vim.fn.expand("%:t") == evil, vim.fn.expand("%"))
vim.cmd("Codearch debt %")
vim.cmd("Codearch graph")
vim.cmd("Codearch explain marmalade")
float()
home()
assert(vim.fn.filereadable("pwned") == 0)

-- what is typed is found before it is saved
vim.api.nvim_buf_set_lines(buffer, 0, 0, false, { "def zebra_fee(net):", "    return net / 7", "", "" })
flush()
found = asked("search zebra_fee")
assert(found[1]:find("^prices.py:1 function zebra_fee"), found[1])

-- the server is started again, for the same buffers; a file that is moved is found where it is
local before = client.id
vim.cmd("Codearch restart")
vim.cmd("Codearch restart")
until_true("another server", function()
  local now = compat.clients()
  return #now == 1 and now[1].id ~= before and vim.lsp.buf_is_attached(buffer, now[1].id)
end)
vim.cmd("silent! bwipeout bill.py")
vim.cmd("silent !mv bill.py invoice.py")
flush()
found = asked("search total")
assert(found[1]:find("^invoice.py"), found[1])
found = asked("search zebra_fee")
assert(found[1]:find("^prices.py:1 function zebra_fee"), found[1])

-- health
vim.cmd("checkhealth codearch")
local health = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")
for _, expected in ipairs({ "is version 0.", "vim.g.codearch is understood", root .. ": ready", "grammars: 9 load" }) do
  assert(health:find(expected, 1, true), expected .. " is not in " .. health)
end
assert(not health:find("ERROR"), health)

-- help
vim.cmd("helptags " .. vim.env.PLUGIN .. "/doc")
vim.cmd("help codearch-commands")
assert(vim.fn.expand("%:t") == "codearch.txt")

print("passed")
vim.cmd("qall!")
