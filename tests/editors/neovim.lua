-- Drives Neovim, 0.7 or later, as its user does; prints "passed" or fails with what went wrong.

local function until_true(what, holds)
  assert(vim.wait(30000, holds, 20), "waited in vain for " .. what)
end

local function open(path)
  vim.cmd("edit " .. path)
  return vim.api.nvim_get_current_buf()
end

local root = vim.fn.getcwd()
local buffer = open("prices.py")
local told = {}
vim.lsp.handlers["window/showMessage"] = function(_, message)
  table.insert(told, message.message)
end
local capabilities = vim.lsp.protocol.make_client_capabilities()
capabilities.window.showDocument = nil
local config = {
  capabilities = capabilities,
  name = "codearch",
  cmd = { "codearch", "lsp" },
  root_dir = root,
  workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
}
local id
if vim.lsp.start then
  id = vim.lsp.start(config, { bufnr = buffer })
else
  id = vim.lsp.start_client(config)
  vim.lsp.buf_attach_client(buffer, id)
end
local client = vim.lsp.get_client_by_id(id)
until_true("the server", function()
  return client.initialized
end)

local function ask(method, params)
  local answers, problem = vim.lsp.buf_request_sync(buffer, method, params, 30000)
  assert(answers, method .. ": " .. tostring(problem))
  local answer = answers[id]
  assert(answer and not answer.error, method .. ": " .. vim.inspect(answer))
  return answer.result
end

local function command(name, argument)
  return ask("workspace/executeCommand", { command = "codearch." .. name, arguments = { argument } })
end

command("index.flush")

-- hover, in the window that a user sees
vim.fn.search("gross_price")
vim.lsp.buf.hover()
local shown
until_true("a hover", function()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= "" then
      local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
      shown = table.concat(lines, "\n")
      return true
    end
  end
end)
assert(shown:find("Called%*%* by 2 functions"), shown)
assert(shown:find("discounted", 1, true), shown)

-- symbols and callers, in the quickfix list
local function listed(what, run)
  vim.fn.setqflist({})
  run()
  until_true(what, function()
    return #vim.fn.getqflist() > 0
  end)
  return vim.fn.getqflist()
end

local symbols = listed("workspace symbols", function()
  vim.lsp.buf.workspace_symbol("grossprice")
end)
assert(vim.fn.bufname(symbols[1].bufnr):find("prices.py", 1, true))
vim.cmd("cclose")
vim.api.nvim_set_current_buf(buffer)
vim.api.nvim_win_set_cursor(0, { 5, 6 })
local callers = listed("callers", function()
  vim.lsp.buf.incoming_calls()
end)
assert(#callers == 2, vim.inspect(callers))
vim.cmd("cclose")

-- code lenses, and a click on one: it tells where to go, since 0.7 cannot be sent there
vim.api.nvim_set_current_buf(buffer)
vim.lsp.codelens.refresh()
until_true("code lenses", function()
  return #vim.lsp.codelens.get(buffer) > 0
end)
vim.api.nvim_win_set_cursor(0, { 5, 0 })
vim.lsp.codelens.run()
until_true("an answer to the click", function()
  return #told > 0
end)
assert(told[1]:find("gross_price: 2 callers", 1, true), told[1])
assert(told[1]:find("discounted (prices.py:12)", 1, true), told[1])

-- findings, each once
until_true("findings", function()
  return #vim.diagnostic.get(buffer) > 0
end)
local rules = {}
for _, finding in ipairs(vim.diagnostic.get(buffer)) do
  assert(finding.source == "codearch")
  table.insert(rules, finding.message)
end
assert(#rules == 1 and rules[1]:find("TODO", 1, true), vim.inspect(rules))

-- what is typed is found before it is saved
vim.api.nvim_buf_set_lines(buffer, 0, 0, false, { "def zebra_fee(net):", "    return net / 7", "", "" })
until_true("unsaved text", function()
  command("index.flush")
  local hit = command("search", { query = "zebra_fee" }).results[1]
  return hit and hit.symbol == "zebra_fee"
end)

-- a rename on disk, and a server that starts again
vim.cmd("silent !mv bill.py invoice.py")
command("index.flush")
assert(command("search", { query = "total" }).results[1].uri:find("invoice.py", 1, true))
assert(#told == 1, vim.inspect(told))
print("passed")
vim.cmd("qall!")
