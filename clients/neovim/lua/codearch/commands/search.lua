local ask = require("codearch.ask")
local named = require("codearch.named")
local show = require("codearch.show")
local texts = require("codearch.texts")
local words = require("codearch.words")

--- Return results of the server as places, with what lifted each of them.
local function places(hits)
  return vim.tbl_map(function(hit)
    local why = vim.tbl_map(function(one)
      return one.detail ~= "" and one.signal .. " " .. one.detail or one.signal
    end, hit.why)
    local text = named(hit)
    return { uri = hit.uri, range = hit.range, text = #why > 0 and text .. "  · " .. table.concat(why, " · ") or text }
  end, hits)
end

local function search(query, bang)
  ask("search", { query = query }, function(answer, client)
    if #answer.results == 0 then
      return show.nothing(query, client)
    end
    local partial = answer.complete and "" or texts.partial
    show.places(texts.search:format(query, #answer.results, partial), places(answer.results), client, bang)
  end)
end

return {
  summary = "find code by what it means",
  run = function(given)
    local query = given.words
    if query == "" and given.lines then
      query = table.concat(given.lines, " ")
    end
    if query ~= "" then
      return search(query, given.bang)
    end
    vim.ui.input({ prompt = texts.query }, function(typed)
      if typed and typed:match("%S") then
        search(typed, given.bang)
      end
    end)
  end,
  complete = function()
    local found = { "lang:", "path:", "-path:" }
    for _, kind in ipairs(words.CHOICES.kind) do
      table.insert(found, "kind:" .. kind)
    end
    return found
  end,
}
