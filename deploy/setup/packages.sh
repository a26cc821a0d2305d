#!/usr/bin/env bash
# Installs the Debian packages that a purpose needs and that are not there yet.
#   packages.sh run     to build and run the product
#   packages.sh test    what the tests use besides
#   packages.sh pictures    what `make screenshots` uses
set -euo pipefail

case "${1:?run, test или pictures}" in
  run)  packages="build-essential ca-certificates python3 python3-pip python3-venv unzip" ;;
  test) packages="sip-tester prometheus iproute2 asterisk-core-sounds-ru asterisk-core-sounds-ru-wav liblinphone10 linphone-common chromium chromium-driver" ;;
  pictures) packages="chromium chromium-driver chromium-l10n" ;;
  *)    echo "packages.sh: run, test или pictures" >&2; exit 2 ;;
esac

missing=()
for package in $packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

fail() {
  echo "Не удалось установить пакеты Debian: ${missing[*]}" >&2
  echo "$1" >&2
  exit 1
}
[ "$(id -u)" -eq 0 ] || fail "Нужны права root. Выполните: sudo apt-get install ${missing[*]}"

echo "Устанавливаю пакеты Debian: ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
# A service that a package starts by itself would hold ports of ours; no test uses such a service.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
  trap 'rm -f "$log" "$policy"' EXIT
fi
apt-get update >"$log" 2>&1 || fail "Список пакетов не обновился: проверьте сеть. $(tail -n 1 "$log")"
apt-get install -y --no-install-recommends "${missing[@]}" >"$log" 2>&1 ||
  fail "apt-get ответил: $(tail -n 1 "$log")"
