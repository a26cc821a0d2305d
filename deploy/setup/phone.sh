#!/usr/bin/env bash
# Puts the baresip telephone of the tests and of `make demo` into a Python environment of its own.
#   phone.sh FOLDER
set -euo pipefail
folder=${1:?папка окружения}
package=baresip-python==0.5.2a3

"$folder/bin/python" -c 'import baresip' 2>/dev/null && exit 0
echo "Устанавливаю телефон baresip из PyPI: $package"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
python3 -m venv --clear "$folder" >"$log" 2>&1 || {
  echo "Не создаётся окружение Python. Установите пакет: python3-venv" >&2
  exit 1
}
"$folder/bin/pip" install --quiet --pre "$package" >"$log" 2>&1 || {
  echo "Не удалось установить $package из PyPI: проверьте сеть. $(tail -n 1 "$log")" >&2
  exit 1
}
