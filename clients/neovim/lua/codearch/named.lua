-- What a result is called in a list.
local texts = require("codearch.texts")

--- Return kind and name of a result with what it stands in; a file's own code has no name.
return function(hit)
  if hit.symbol == "" then
    return hit.kind == "module" and texts.top_level or hit.kind
  end
  local name = hit.container ~= "" and hit.container .. "." .. hit.symbol or hit.symbol
  return hit.kind .. " " .. name
end
