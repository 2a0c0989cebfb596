-- :checkhealth codearch
local compat = require("codearch.compat")
local options = require("codearch.options")
local server = require("codearch.server")
local texts = require("codearch.texts")

local M = {}

local ANSWER_MS = 5000

local function run(...)
  local told = vim.fn.system({ ... })
  return vim.v.shell_error == 0 and told or nil, told
end

local function check_options(page)
  local problems = options.problems()
  for _, problem in ipairs(problems) do
    page.warn(problem)
  end
  if #problems == 0 then
    page.ok(texts.health.options)
  end
end

--- Check the program; say whether it can be asked more.
local function check_program(page, program)
  if vim.fn.executable(program) == 0 then
    page.error(texts.no_server:format(program))
    return false
  end
  local told, said = run(program, "--version")
  local version = told and told:match("%d+%.%d+[%w.]*")
  if not version then
    page.error(texts.health.no_version:format(program, vim.trim(said)), { texts.health.reinstall })
    return false
  elseif server.older(version, server.NEEDED) then
    page.error(texts.too_old:format(version, server.NEEDED))
    return false
  end
  page.ok(texts.health.server:format(vim.fn.exepath(program), version))
  return true
end

local function check_running(page)
  local clients = compat.clients()
  if #clients == 0 then
    page.info(texts.health.not_running)
  end
  for _, client in ipairs(clients) do
    local answer
    compat.request(client, "workspace/executeCommand", {
      command = "codearch.status",
      arguments = { vim.empty_dict() },
    }, function(_, status)
      answer = status
    end, 0)
    vim.wait(ANSWER_MS, function()
      return answer ~= nil
    end, 10)
    local root = client.config.root_dir or "/"
    if answer then
      page.ok(texts.health.running:format(root, answer.state, answer.files, answer.symbols))
    else
      page.error(texts.health.silent:format(root))
    end
  end
end

local function check_doctor(page, program)
  local _, told = run(program, "doctor", "--json")
  local understood, report = pcall(vim.fn.json_decode, told)
  if not understood or type(report) ~= "table" or type(report.checks) ~= "table" then
    return page.warn(texts.health.doctor:format(vim.trim(told)))
  end
  for _, check in ipairs(report.checks) do
    local tell = ({ ok = page.ok, warning = page.warn })[check.state] or page.error
    tell(("%s: %s"):format(check.name, check.found), check.mend ~= "" and { check.mend } or nil)
  end
end

function M.check()
  local page = compat.health()
  local program = options.get().cmd[1]
  page.start(texts.what)
  local version = vim.version()
  page.ok(texts.health.neovim:format(("%d.%d.%d"):format(version.major, version.minor, version.patch)))
  check_options(page)
  local usable = check_program(page, program)
  check_running(page)
  if usable then
    page.start("codearch doctor")
    check_doctor(page, program)
  end
end

return M
