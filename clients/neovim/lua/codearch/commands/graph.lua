local ask = require("codearch.ask")
local say = require("codearch.say")
local show = require("codearch.show")
local texts = require("codearch.texts")
local words = require("codearch.words")

local KEYS = { depth = "number", limit = "number", level = "text", format = "text" }

--- Return one place an edge: its other end, seen from the file that was asked about.
local function edges(answer, nodes, scope)
  local found = {}
  for _, edge in ipairs(answer.edges) do
    local from, to = nodes[edge.source], nodes[edge.target]
    if from and to then
      local other = to.uri == scope and from or to
      local text = texts.edge:format(from.label, to.label, edge.kind, edge.count)
      table.insert(found, { uri = other.uri, range = other.range, text = text })
    end
  end
  return found
end

--- Return one place a cycle: the file whose import is best cut.
local function cycles(answer, nodes)
  local found = {}
  for _, cycle in ipairs(answer.cycles or {}) do
    local at = nodes[cycle.cut.source]
    if at then
      local way = table.concat(cycle.shortest, " → ")
      local text = texts.cycle:format(way, cycle.cut.source, cycle.cut.target)
      table.insert(found, { uri = at.uri, range = at.range, text = text })
    end
  end
  return found
end

return {
  summary = "what this file, a path or all (.) depends on, calls, goes round with, changes with",
  run = function(given)
    local argument, free = words.apart(given.words, KEYS)
    if not argument then
      return
    end
    argument.kind = "dependencies"
    if vim.tbl_contains(words.CHOICES.graph, free[1]) then
      argument.kind = table.remove(free, 1)
    end
    if #free > 0 then
      argument.scope = free[1] ~= "." and table.concat(free, " ") or nil
    elseif vim.bo.buftype == "" and vim.api.nvim_buf_get_name(0) ~= "" and argument.kind ~= "cycles" then
      argument.scope = vim.uri_from_bufnr(0)
    end
    ask("graph", argument, function(answer, client)
      if type(answer.text) == "string" then
        return show.text(answer.text, argument.format)
      end
      local nodes = {}
      for _, node in ipairs(answer.nodes or {}) do
        nodes[node.id] = node
      end
      local asked = argument.kind == "cycles"
      local places = asked and cycles(answer, nodes) or edges(answer, nodes, argument.scope)
      if #places == 0 then
        return show.nothing(argument.kind, client)
      end
      local left = (answer.leftOut or 0) > 0 and texts.left_out:format(answer.leftOut) or ""
      show.places(say.plain(texts.graph:format(argument.kind, #places, left)), places, client, given.bang)
    end)
  end,
  complete = function(lead)
    local found = vim.deepcopy(words.CHOICES.graph)
    vim.list_extend(found, words.pairs({ "level", "format" }))
    vim.list_extend(found, { "depth=", "limit=", "." })
    return vim.list_extend(found, vim.fn.getcompletion(lead, "file"))
  end,
}
