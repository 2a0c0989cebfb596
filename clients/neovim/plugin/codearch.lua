-- Begins by itself: nothing has to be called. What can be said stands in vim.g.codearch, see :help codearch.
if vim.g.loaded_codearch then
  return
end
vim.g.loaded_codearch = true

vim.api.nvim_create_user_command("Codearch", function(call)
  require("codearch").run(call)
end, {
  nargs = "*",
  bang = true,
  range = true,
  desc = "Ask CodeArchaeologist",
  complete = function(lead, line, column)
    return require("codearch").complete(lead, line:sub(1, column))
  end,
})

vim.keymap.set("n", "<Plug>(codearch-follow)", function()
  require("codearch.links").follow()
end, { desc = "Open the place whose link is under the cursor" })

-- A click on a code lens asks to which caller or test to go.
vim.lsp.commands["codearch.explain"] = function(command)
  require("codearch.commands.explain").offer(command.arguments[1])
end

local group = vim.api.nvim_create_augroup("codearch", {})
if vim.fn.has("nvim-0.11") == 1 then
  if require("codearch.options").get().autostart then
    vim.lsp.enable("codearch")
  end
else
  vim.api.nvim_create_autocmd("FileType", {
    group = group,
    callback = function(event)
      local options = require("codearch.options").get()
      if options.autostart and vim.tbl_contains(options.filetypes, event.match) then
        require("codearch.server").attach(event.buf)
      end
    end,
  })
end
