-- The server's life: where it is found, which folder it serves, starting, starting again.
local compat = require("codearch.compat")
local options = require("codearch.options")
local say = require("codearch.say")
local texts = require("codearch.texts")

local M = { NEEDED = "0.1.1" }

local waiting = {} -- by root: whom to call when its server has answered
local ids = {} -- by root: clients that were started here
local restarts = {} -- by client: what to do when it has ended
local status = {} -- by client: the last status that the server told
local told_missing = {}

--- Return the nearest folder upwards that holds one of the root markers, or nil.
function M.root(path)
  local folder = vim.fn.fnamemodify(path, ":p:h")
  while true do
    for _, marker in ipairs(options.get().root_markers) do
      if compat.uv.fs_stat(folder .. "/" .. marker) then
        return folder
      end
    end
    local parent = vim.fn.fnamemodify(folder, ":h")
    if parent == folder then
      return nil
    end
    folder = parent
  end
end

--- Say whether one version is older than another; what is no version is older than all.
function M.older(version, other)
  local function numbers(text)
    local major, minor, patch = tostring(text):match("(%d+)%.(%d+)%.?(%d*)")
    return { tonumber(major) or -1, tonumber(minor) or 0, tonumber(patch) or 0 }
  end
  local left, right = numbers(version), numbers(other)
  for place = 1, 3 do
    if left[place] ~= right[place] then
      return left[place] < right[place]
    end
  end
  return false
end

--- Say whether the server can be started; tell once for each command where it cannot.
function M.found(command)
  if vim.fn.executable(command) == 1 then
    return true
  end
  if not told_missing[command] then
    told_missing[command] = true
    vim.schedule(function()
      say.error(texts.no_server:format(command))
    end)
  end
  return false
end

local function key(client_or_config)
  return client_or_config.root_dir or ""
end

local function on_init(client, result)
  local version = result and result.serverInfo and result.serverInfo.version
  if M.older(version, M.NEEDED) then
    say.error(texts.too_old:format(version or "?", M.NEEDED))
  end
  local callbacks = waiting[key(client.config)] or {}
  waiting[key(client.config)] = nil
  vim.schedule(function()
    for _, callback in ipairs(callbacks) do
      callback(client)
    end
  end)
end

local function on_exit(code, signal, id)
  vim.schedule(function()
    status[id] = nil
    for root, other in pairs(ids) do
      if other == id then
        ids[root], waiting[root] = nil, nil
      end
    end
    if restarts[id] then
      local again = restarts[id]
      restarts[id] = nil
      again()
    elseif code ~= 0 or (signal ~= 0 and signal ~= 15) then
      say.error(texts.ended:format(code, signal, compat.log_path()))
    end
  end)
end

local function on_status(_, told, context)
  status[context.client_id] = told
  vim.cmd("silent doautocmd <nomodeline> User CodearchStatus")
end

--- Return what the editor can do; columns are UTF-16 in every version, so that `here` need ask nobody.
local function capabilities()
  local able = vim.lsp.protocol.make_client_capabilities()
  able.general = vim.tbl_extend("force", able.general or {}, { positionEncodings = { "utf-16" } })
  return able
end

--- Return how a client is started, as lsp/codearch.lua gives it to Neovim.
function M.config()
  local given = options.get()
  return {
    name = "codearch",
    capabilities = capabilities(),
    cmd = given.cmd,
    filetypes = given.filetypes,
    root_dir = function(buffer, use)
      if M.found((vim.lsp.config.codearch.cmd or given.cmd)[1]) then
        use(M.root(vim.api.nvim_buf_get_name(buffer)))
      end
    end,
    settings = { codearch = next(given.settings) and given.settings or vim.empty_dict() },
    handlers = { ["codearch/status"] = on_status },
    on_init = on_init,
    on_exit = on_exit,
  }
end

--- Start the server of a root, or find the one that is there. Return its id, or nil where there is none.
local function start(root)
  local config = vim.lsp.config and vim.lsp.config.codearch or M.config()
  config = vim.tbl_extend("force", config, { root_dir = root or false })
  config.root_dir = root
  if type(config.cmd) == "table" and not M.found(config.cmd[1]) then
    return nil
  end
  if root then
    config.workspace_folders = { { uri = vim.uri_from_fname(root), name = root } }
  end
  local known = ids[root or ""]
  if not known or (vim.lsp.client_is_stopped and vim.lsp.client_is_stopped(known)) then
    known = compat.start(config)
    ids[root or ""] = known
  end
  return known
end

--- Have a buffer served, where it is a file.
function M.attach(buffer)
  local name = vim.api.nvim_buf_get_name(buffer)
  if name == "" or vim.bo[buffer].buftype ~= "" then
    return
  end
  local id = start(M.root(name))
  if id then
    vim.lsp.buf_attach_client(buffer, id)
  end
end

--- Call back with the client that serves a buffer, else with that of the current folder.
function M.with_client(buffer, callback)
  for _, client in ipairs(compat.clients()) do
    if vim.lsp.buf_is_attached(buffer, client.id) then
      return callback(client)
    end
  end
  local name = vim.bo[buffer].buftype == "" and vim.api.nvim_buf_get_name(buffer) or ""
  local root = M.root(name ~= "" and name or vim.fn.getcwd() .. "/")
  for _, client in ipairs(compat.clients()) do
    if client.config.root_dir == root then
      return callback(client)
    end
  end
  waiting[root or ""] = waiting[root or ""] or {}
  table.insert(waiting[root or ""], callback)
  told_missing = {} -- who asks is told again
  if not start(root) then
    waiting[root or ""] = nil
  end
end

--- End all clients and start them again for the same buffers; one restart at a time.
function M.restart()
  told_missing = {}
  local clients = compat.clients()
  for _, client in ipairs(clients) do
    if not restarts[client.id] then
      local buffers = vim.lsp.get_buffers_by_client_id(client.id)
      local root = client.config.root_dir
      restarts[client.id] = function()
        local id = start(root)
        for _, buffer in ipairs(id and buffers or {}) do
          if vim.api.nvim_buf_is_loaded(buffer) then
            vim.lsp.buf_attach_client(buffer, id)
          end
        end
      end
      compat.stop(client)
    end
  end
  if #clients == 0 then
    M.with_client(vim.api.nvim_get_current_buf(), function() end)
    M.attach(vim.api.nvim_get_current_buf())
  end
end

--- Return the last status that a client was told, or nil.
function M.told(client)
  return status[client.id]
end

--- Return the last status that the server of a buffer told, or nil. For status lines.
function M.status(buffer)
  buffer = buffer or vim.api.nvim_get_current_buf()
  for _, client in ipairs(compat.clients()) do
    if status[client.id] and vim.lsp.buf_is_attached(buffer, client.id) then
      return status[client.id]
    end
  end
end

return M
