local ask = require("codearch.ask")
local here = require("codearch.here")
local named = require("codearch.named")
local show = require("codearch.show")
local texts = require("codearch.texts")
local words = require("codearch.words")

local KEYS = { threshold = "number", limit = "number" }
-- Neovim's names of languages where the server has others.
local LANGUAGES = { cs = "csharp", javascriptreact = "javascript", typescriptreact = "typescript" }

return {
  summary = "code like that under the cursor, or like the selected lines",
  run = function(given)
    local argument = words.apart(given.words, KEYS)
    if not argument then
      return
    elseif given.lines then
      argument.code = table.concat(given.lines, "\n")
      argument.language = LANGUAGES[vim.bo.filetype] or vim.bo.filetype
    else
      local place = here()
      if not place then
        return
      end
      argument = vim.tbl_extend("force", argument, place)
    end
    ask("similar", argument, function(answer, client)
      if #answer.results == 0 then
        return show.nothing(texts.this_code, client)
      end
      local places = vim.tbl_map(function(hit)
        local share = math.floor((hit.similarity or 0) * 100 + 0.5)
        return { uri = hit.uri, range = hit.range, text = ("%d %% %s"):format(share, named(hit)) }
      end, answer.results)
      local partial = answer.complete and "" or texts.partial
      show.places(texts.similar:format(#places, partial), places, client, given.bang)
    end)
  end,
  complete = function()
    return { "threshold=", "limit=" }
  end,
}
