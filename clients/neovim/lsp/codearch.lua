-- For Neovim 0.11 and later: `vim.lsp.enable("codearch")`, which plugin/codearch.lua does by itself.
return require("codearch.server").config()
