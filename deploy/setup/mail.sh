#!/usr/bin/env bash
# Puts the mail server of the tests (aiosmtpd) into a Python environment of its own.
#   mail.sh FOLDER
set -euo pipefail
folder=${1:?папка окружения}
package=aiosmtpd==1.4.6

"$folder/bin/python" -c 'import aiosmtpd' 2>/dev/null && exit 0
echo "Устанавливаю почтовый сервер для испытаний из PyPI: $package"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
python3 -m venv --clear "$folder" >"$log" 2>&1 || {
  echo "Не создаётся окружение Python. Установите пакет: python3-venv" >&2
  exit 1
}
"$folder/bin/pip" install --quiet "$package" >"$log" 2>&1 || {
  echo "Не удалось установить $package из PyPI: проверьте сеть. $(tail -n 1 "$log")" >&2
  exit 1
}
