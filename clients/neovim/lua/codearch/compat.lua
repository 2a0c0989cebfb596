-- What differs between Neovim 0.7 and 0.12. Nothing else in this plugin asks for a version.
local M = {}

M.uv = vim.uv or vim.loop

function M.clients()
  if vim.lsp.get_clients then
    return vim.lsp.get_clients({ name = "codearch" })
  end
  return vim.tbl_filter(function(client)
    return client.name == "codearch"
  end, vim.lsp.get_active_clients())
end

--- Start a client without a buffer, or return the one that serves its root; the id.
function M.start(config)
  if vim.fn.has("nvim-0.11") == 1 then
    return vim.lsp.start(config, { attach = false })
  end
  return vim.lsp.start_client(config)
end

function M.request(client, method, params, handler, buffer)
  if vim.fn.has("nvim-0.11") == 1 then
    return client:request(method, params, handler, buffer)
  end
  return client.request(method, params, handler, buffer)
end

function M.stop(client)
  if vim.fn.has("nvim-0.11") == 1 then
    return client:stop()
  end
  return client.stop()
end

--- Return the name of the log file of language servers.
function M.log_path()
  if vim.fn.has("nvim-0.12") == 1 then
    return vim.lsp.log.get_filename()
  end
  return vim.lsp.get_log_path()
end

--- Return the byte at which a UTF-16 column of a line begins, 0-based.
function M.byte(line, column)
  if vim.fn.has("nvim-0.11") == 1 then
    return vim.str_byteindex(line, "utf-16", column, false)
  end
  local fits, byte = pcall(vim.str_byteindex, line, column, true)
  return fits and byte or #line
end

--- Return the UTF-16 column of a byte of a line, both 0-based.
function M.column(line, byte)
  if vim.fn.has("nvim-0.11") == 1 then
    return vim.str_utfindex(line, "utf-16", byte, false)
  end
  local _, column = vim.str_utfindex(line, math.min(byte, #line))
  return column
end

--- Return what writes a page of :checkhealth.
function M.health()
  if vim.health and vim.health.ok then
    return vim.health
  end
  local old = vim.health or require("health")
  return {
    start = old.report_start,
    ok = old.report_ok,
    info = old.report_info,
    warn = old.report_warn,
    error = old.report_error,
  }
end

return M
