-- Drives the language server with Neovim's built-in LSP client. What it sees goes to the file OUT, as JSON lines.
-- Each step waits for what the server sends, and the test that started this gives up when nothing comes.
local out = assert(io.open(os.getenv('OUT'), 'w'))
local server = vim.split(os.getenv('SERVER'), '\n')
local patience = 30000

local function tell(step, value)
  out:write(vim.fn.json_encode({ step = step, value = value }) .. '\n')
  out:flush()
end

local function fail(message)
  tell('failed', message)
  out:close()
  vim.cmd('cquit')
end

--- Runs the event loop until the condition holds.
local function await(what, condition)
  if not vim.wait(patience, condition, 10) then fail('nothing came: ' .. what) end
end

local function titles(list)
  local found = {}
  for _, one in ipairs(list or {}) do table.insert(found, one.title or one.command.title) end
  return found
end

local messages = {}
local handlers = {
  ['window/showMessage'] = function(_, result) table.insert(messages, result.message) end,
}

vim.cmd('filetype on')
vim.cmd('edit ' .. vim.fn.fnameescape(os.getenv('FILE')))
local client_id = vim.lsp.start_client({
  name = 'beam-rewind',
  cmd = server,
  root_dir = vim.fn.getcwd(),
  handlers = handlers,
  init_options = { trusted = true },
})
local buffer = vim.api.nvim_get_current_buf()
vim.lsp.buf_attach_client(buffer, client_id)
await('a client', function() return #vim.lsp.buf_get_clients(buffer) > 0 end)
local client = vim.lsp.get_client_by_id(client_id)
await('the server', function() return client.initialized end)

local function request(method, params)
  local answer
  client.request(method, params, function(err, result)
    if err then fail(method .. ': ' .. err.message) end
    answer = { result = result }
  end, buffer)
  await(method, function() return answer ~= nil end)
  return answer.result
end

--- Titles of the lenses as Neovim shows them, both stages.
local function lens_titles()
  vim.lsp.codelens.save({}, buffer, client_id)
  vim.lsp.codelens.refresh()
  local found
  await('lenses', function()
    found = vim.lsp.codelens.get(buffer)
    if #found == 0 then return false end
    for _, lens in ipairs(found) do
      if not lens.command then return false end
    end
    return true
  end)
  return titles(found)
end

local function diagnostics()
  local found = {}
  for _, one in ipairs(vim.diagnostic.get(buffer)) do
    table.insert(found, { line = one.lnum, message = one.message, code = one.user_data and one.user_data.lsp.code })
  end
  return found
end

local function replace(from, to)
  vim.cmd('%s/' .. from .. '/' .. to .. '/')
end

local function actions()
  local problem = vim.diagnostic.get(buffer)[1]
  local line = problem.lnum
  local params = vim.lsp.util.make_range_params()
  params.range.start = { line = line, character = problem.col }
  params.range['end'] = params.range.start
  params.context = { diagnostics = vim.lsp.diagnostic.get_line_diagnostics(buffer, line, {}, client_id) }
  return request('textDocument/codeAction', params)
end

local function run(action)
  if action.edit then vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding) end
  if action.command then request('workspace/executeCommand', action.command) end
end

local function named(list, text)
  for _, one in ipairs(list) do
    if one.title:find(text, 1, true) then return one end
  end
  fail('no action ' .. text)
end

tell('lenses', lens_titles())
tell('diagnostics', diagnostics())

replace('fire_interval=0.05', 'fire_interval=0.5')
await('a warning', function() return #diagnostics() == 1 end)
tell('diagnostics of the edit', diagnostics())
tell('lenses of the edit', lens_titles())
local offered = actions()
tell('actions', titles(offered))

run(named(offered, 'Restore'))
await('the warning to go', function() return #diagnostics() == 0 end)
tell('text restored', vim.fn.search('fire_interval=0.05', 'nw') > 0)

replace('fire_interval=0.05', 'fire_interval=0.7')
await('a warning', function() return #diagnostics() == 1 end)
run(named(actions(), 'Ignore'))
await('the warning to be ignored', function() return #diagnostics() == 0 end)
tell('ignored', lens_titles())

-- A command of a lens, executed by the server since the editor has none of its own.
request('workspace/executeCommand', { command = 'beamRewind.showStatus', arguments = { vim.uri_from_bufnr(buffer) } })
await('a message', function() return #messages > 0 end)
tell('message', messages[#messages])
tell('end', true)
out:close()
vim.lsp.stop_client(client_id)
await('the server to end', function() return client.is_stopped() end)
vim.cmd('qall!')
