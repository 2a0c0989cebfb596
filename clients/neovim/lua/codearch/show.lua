-- Places in the quickfix list or through vim.ui.select, texts in a window of their own.
local compat = require("codearch.compat")
local options = require("codearch.options")
local say = require("codearch.say")
local server = require("codearch.server")
local texts = require("codearch.texts")

local M = {}

local function line_of(name, number)
  local buffer = vim.fn.bufnr("^" .. vim.fn.escape(name, "\\*?[]{},^$") .. "$")
  if buffer > 0 and vim.api.nvim_buf_is_loaded(buffer) then
    return vim.api.nvim_buf_get_lines(buffer, number, number + 1, false)[1]
  end
  return vim.fn.filereadable(name) == 1 and vim.fn.readfile(name, "", number + 1)[number + 1]
end

--- Return the column of a place as the quickfix list counts, in bytes from 1.
local function column_of(place, encoding)
  local column = place.range.start.character
  if column == 0 or encoding == "utf-8" then
    return column + 1
  end
  local line = line_of(vim.uri_to_fname(place.uri), place.range.start.line)
  return line and compat.byte(line, column) + 1 or column + 1
end

--- Open a place in this window. Names are taken as they are: nothing in them is expanded.
function M.open(place, encoding)
  local name = vim.uri_to_fname(place.uri)
  if vim.fn.filereadable(name) == 0 and vim.fn.bufnr(name) < 1 then
    return say.warn(texts.gone:format(say.plain(name)))
  end
  local buffer = vim.fn.bufadd(name)
  vim.cmd("normal! m'")
  vim.bo[buffer].buflisted = true
  vim.api.nvim_set_current_buf(buffer)
  local line = math.min(place.range.start.line + 1, vim.api.nvim_buf_line_count(buffer))
  vim.api.nvim_win_set_cursor(0, { line, column_of(place, encoding) - 1 })
end

local function selected(title, places, encoding)
  vim.ui.select(places, {
    prompt = title,
    kind = "codearch",
    format_item = function(place)
      local name = vim.fn.fnamemodify(vim.uri_to_fname(place.uri), ":.")
      return say.plain(("%s:%d  %s"):format(name, place.range.start.line + 1, place.text))
    end,
  }, function(place)
    if place then
      M.open(place, encoding)
    end
  end)
end

--- Show places `{uri, range, text, type?}` in their order: as options say, the other way with a bang.
function M.places(title, places, client, bang)
  title = say.plain(title)
  if (options.get().list == "select") ~= (bang or false) then
    return selected(title, places, client.offset_encoding)
  end
  local items = vim.tbl_map(function(place)
    return {
      filename = vim.uri_to_fname(place.uri),
      lnum = place.range.start.line + 1,
      col = column_of(place, client.offset_encoding),
      text = say.plain(place.text),
      type = place.type,
    }
  end, places)
  vim.fn.setqflist({}, " ", { title = title, items = items })
  vim.cmd("botright copen")
end

--- Say why nothing was found: the index may be paused, or not be whole yet.
function M.nothing(what, client)
  what = say.plain(what)
  local status = server.told(client) or {}
  if status.state == "paused" then
    return say.warn(texts.paused:format(what))
  elseif status.state == "starting" or status.state == "indexing" then
    local progress = status.folders and status.folders[1] and status.folders[1].progress
    local known = type(progress) == "table" and texts.share:format(progress.share * 100) or ""
    return say.warn(texts.no_index:format(what, known))
  end
  say.info(texts.nothing:format(what))
end

--- Show a text of several lines in a window of its own.
function M.text(text, filetype)
  vim.cmd("botright new")
  local buffer = vim.api.nvim_get_current_buf()
  for name, value in pairs({ buftype = "nofile", bufhidden = "wipe", swapfile = false, modeline = false }) do
    vim.bo[buffer][name] = value
  end
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split(text, "\n", { plain = true }))
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].filetype = filetype
end

return M
