-- Words after a command: `key=value` where the key is known, the rest is free.
local say = require("codearch.say")
local texts = require("codearch.texts")

local M = {}

-- What the server takes, as `codearch schema` says; a test compares them.
M.CHOICES = {
  category = {
    "bug-risk", "complexity", "dead-code", "dependencies", "documentation", "duplication",
    "licence", "secrets", "security", "size", "tests",
  },
  format = { "dot", "json", "mermaid" },
  graph = { "calls", "coupling", "cycles", "dependencies" },
  kind = {
    "class", "enum", "function", "impl", "interface", "macro", "method", "module", "namespace",
    "record", "section", "struct", "trait", "type", "union",
  },
  level = { "file", "folder", "symbol" },
  mode = { "hybrid", "lexical", "semantic" },
  sort = { "age", "effort", "path", "priority", "severity" },
  status = { "falsePositive", "inProgress", "open", "resolved", "wontFix" },
}

--- Take words apart: a table of the keys that are known (`{name = "text"|"number"}`), and the other words.
function M.apart(words, keys)
  local argument, free = {}, {}
  for word in words:gmatch("%S+") do
    local name, value = word:match("^(%a+)=(.+)$")
    if name and keys[name] == "number" and not tonumber(value) or name and not keys[name] then
      local known = vim.tbl_keys(keys)
      table.sort(known)
      say.error(texts.wrong_word:format(word, table.concat(known, "=, ") .. "="))
      return nil
    elseif name then
      argument[name] = keys[name] == "number" and tonumber(value) or value
    else
      table.insert(free, word)
    end
  end
  return argument, free
end

--- Return `key=value` for all values of some keys, to complete from.
function M.pairs(keys)
  local found = {}
  for _, name in ipairs(keys) do
    for _, value in ipairs(M.CHOICES[name]) do
      table.insert(found, name .. "=" .. value)
    end
  end
  return found
end

return M
