-- Drives Neovim without a server that serves: each failure has a sentence. Prints "passed" or fails.

local said = {}
vim.notify = function(text)
  table.insert(said, text)
end
local function until_said(pattern)
  local found = vim.wait(60000, function()
    return table.concat(said, "\n"):find(pattern)
  end, 20)
  assert(found, pattern .. " was not said: " .. vim.inspect(said))
  said = {}
end

vim.opt.runtimepath:prepend(vim.env.PLUGIN)
vim.cmd("filetype on")
vim.cmd("runtime plugin/codearch.lua")

-- not found: said once when files are opened, and again to who asks
vim.g.codearch = { cmd = { "no-such-codearch", "lsp" } }
vim.cmd("edit prices.py")
until_said("no%-such%-codearch is not found. Install it")
vim.cmd("edit bill.py")
assert(not vim.wait(200, function()
  return #said > 0
end, 20), vim.inspect(said))
vim.cmd("Codearch search price")
until_said("is not found")

-- ended before it answered
vim.g.codearch = { cmd = { vim.env.PYTHON, "-c", "raise SystemExit(3)" } }
vim.cmd("Codearch search price")
until_said("the server ended %(exit code 3, signal 0%)")

-- too old, and then refusing, and then gone
vim.g.codearch = { cmd = { vim.env.PYTHON, vim.env.OLD_SERVER } }
vim.cmd("Codearch search price")
until_said("the server is version 0.0.9, and this plugin needs")
vim.cmd("Codearch status")
until_said("CodeArchaeologist: Not  today.")
vim.cmd("Codearch search there is no index")
until_said("nothing found yet for there is no index: the index is being made %(37 %%%)")
vim.cmd("Codearch pause")
until_said("the server ended %(exit code 7")

-- options that are not understood
vim.g.codearch = { cmd = "codearch", colour = "red", list = "dance" }
local problems = table.concat(require("codearch.options").problems(), "\n")
for _, expected in ipairs({ "colour is not known", "cmd must be a table", "list must be" }) do
  assert(problems:find(expected, 1, true), problems)
end
vim.g.codearch = { cmd = { "no-such-codearch", "lsp" }, colour = "red" }
vim.cmd("checkhealth codearch")
local health = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")
assert(health:find("no%-such%-codearch is not found") and health:find("colour is not known"), health)

-- what the server may take is what completion offers
print("CHOICES " .. vim.fn.json_encode(require("codearch.words").CHOICES))
print("passed")
vim.cmd("qall!")
