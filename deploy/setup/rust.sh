#!/usr/bin/env bash
# Says what is missing when the Rust toolchain is too old or not there; installs nothing.
#   rust.sh run     cargo 1.95
#   rust.sh test    clippy and rustfmt too
set -euo pipefail
wanted=1.95

fail() {
  echo "$1" >&2
  echo "Установите Rust $wanted или новее программой rustup (компоненты clippy и rustfmt) и повторите." >&2
  exit 1
}
command -v cargo >/dev/null || fail "Не найден cargo."
found=$(cargo --version | cut -d' ' -f2)
[ "$(printf '%s\n' "$wanted" "$found" | sort -V | head -n 1)" = "$wanted" ] || fail "Нужен cargo $wanted, найден $found."
[ "${1:-run}" = run ] && exit 0
cargo clippy --version >/dev/null 2>&1 || fail "Не найден clippy."
cargo fmt --version >/dev/null 2>&1 || fail "Не найден rustfmt."
