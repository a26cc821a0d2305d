#!/usr/bin/env bash
# Installs what speaks and listens, and nothing that is there already.
#   speech.sh [PREFIX]     PREFIX is the folder for files of ours; default: ./var
#
# 1. PREFIX/lib/libvosk.so, the recogniser: out of the Python wheel vosk 0.3.45, checked by SHA-256.
# 2. espeak-ng, the basic voice and the one of other languages, from Debian's component main.
# 3. RHVoice with Russian voices, the good voice, from Debian's component non-free of the mirror
#    that this machine uses already, and dbus-daemon, by which its service stays in memory. Where
#    that is refused, the basic voice speaks.
#
# Ends with 0 if the server can listen and speak. A machine without the recogniser still serves
# calls by keys, so a failure here is told and is not the end of `make run` when
# SPEECH_OPTIONAL=1 is set.
set -euo pipefail

prefix=${1:-./var}
library=$prefix/lib/libvosk.so
wheel_version=0.3.45
library_sha256=85c4654de3acdeb99abab86eeb2a6e603927d37089597c0fcc33d8638dc2ccaf
# Written once the library on disk was found right, so that the next run need not read 26 MB.
checked=$prefix/lib/libvosk.so.checked
# Written when the mirror refused RHVoice, so that it is asked again only after a day.
refused=$prefix/lib/rhvoice.refused

work=
trap '[ -z "$work" ] || rm -rf "$work"' EXIT

say() { echo "$@" >&2; }

fail() {
  say "$@"
  [ "${SPEECH_OPTIONAL:-0}" = 1 ] && exit 0
  exit 1
}

installed() { [[ $(dpkg-query -W -f '${Status}' "$1" 2>/dev/null) == *'ok installed' ]]; }

workdir() { [ -n "$work" ] || work=$(mktemp -d); }

# Asks apt for packages; its log goes to $work/apt.log.
install() {
  workdir
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" \
    >"$work/apt.log" 2>&1
}

refresh() {
  workdir
  apt-get update >"$work/apt.log" 2>&1
}

last_line() { tail -n 1 "$work/$1" 2>/dev/null || true; }

# --- the basic voice -------------------------------------------------------------------------------

basic_voice() {
  installed espeak-ng && return 0
  if [ "$(id -u)" -ne 0 ]; then
    say "Нет пакета espeak-ng, а для установки нужны права root. Выполните: sudo apt-get install espeak-ng"
    return 1
  fi
  say "Устанавливаю пакет Debian: espeak-ng"
  install espeak-ng && return 0
  refresh && install espeak-ng && return 0
  say "Пакет espeak-ng не установился, проверьте сеть. apt-get ответил: $(last_line apt.log)"
  return 1
}

# --- the good voice --------------------------------------------------------------------------------

# Prints "URI suite key" of the machine's own source of this release's component main.
debian_source() {
  local release=$1
  local file
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -e "$file" ] || continue
    awk -v release="$release" '
      function done_() {
        if (types ~ /deb( |$)/ && (" " suites " ") ~ (" " release " ") && (" " parts " ") ~ / main /) {
          split(uris, uri, " "); print uri[1], release, key; found = 1
        }
        types = uris = suites = parts = key = ""
      }
      /^#/ { next }
      /^[ \t]*$/ { if (!found) done_(); next }
      { field = tolower($1); $1 = ""; sub(/^ +/, "") }
      field == "types:" { types = $0 }
      field == "uris:" { uris = $0 }
      field == "suites:" { suites = $0 }
      field == "components:" { parts = $0 }
      field == "signed-by:" { key = $0 }
      END { if (!found) done_() }' "$file"
  done
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -e "$file" ] || continue
    awk -v release="$release" '
      $1 == "deb" {
        key = ""; at = 2
        if ($2 ~ /^\[/) {
          while (at <= NF) {
            if ($at ~ /signed-by=/) { key = $at; sub(/.*signed-by=/, "", key); sub(/\].*/, "", key) }
            if ($at ~ /\]$/) { at++; break }
            at++
          }
        }
        if ($(at + 1) == release) for (i = at + 2; i <= NF; i++) if ($i == "main") { print $at, release, key; exit }
      }' "$file"
  done
}

offered() {
  local policy
  policy=$(LC_ALL=C apt-cache policy "$1" 2>/dev/null) || return 1
  [[ $policy =~ Candidate:\ [0-9] ]]
}

good_voice() {
  installed rhvoice && installed rhvoice-russian && installed dbus-daemon && return 0
  [ -z "$(find "$refused" -mmin -1440 2>/dev/null)" ] || return 1
  if [ "$(id -u)" -ne 0 ]; then
    say "Хороший голос не установлен: нужны права root. Выполните: sudo $0 $prefix"
    return 1
  fi
  say "Устанавливаю пакеты Debian: rhvoice rhvoice-russian dbus-daemon (107 МБ)"
  if ! offered rhvoice-russian; then
    local release uri suite key
    release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    read -r uri suite key < <(debian_source "$release" | head -n 1) || true
    if [ -z "${uri:-}" ]; then
      say "Не найден источник пакетов Debian «$release»: RHVoice взять неоткуда."
      return 1
    fi
    local list=/etc/apt/sources.list.d/liniya-rhvoice.sources
    {
      echo "# Голос RHVoice для «Линии»: компонент non-free того же зеркала."
      printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: non-free\n' "$uri" "$suite"
      [ -z "$key" ] || printf 'Signed-By: %s\n' "$key"
    } >"$list"
    if ! refresh || ! offered rhvoice-russian; then
      rm -f "$list"
      say "Зеркало Debian не отдаёт компонент non-free. apt-get ответил: $(last_line apt.log)"
      return 1
    fi
  fi
  install rhvoice rhvoice-russian dbus-daemon && return 0
  say "Пакеты rhvoice и rhvoice-russian не установились. apt-get ответил: $(last_line apt.log)"
  return 1
}

# --- the recogniser --------------------------------------------------------------------------------

right() { echo "$library_sha256  $1" | sha256sum --check --status - 2>/dev/null; }

recogniser() {
  [ -e "$library" ] && [ -e "$checked" ] && [ ! "$library" -nt "$checked" ] && return 0
  if [ -e "$library" ] && right "$library"; then
    : >"$checked"
    return 0
  fi
  if ! python3 -m pip --version >/dev/null 2>&1; then
    if [ "$(id -u)" -ne 0 ]; then
      say "Нет пакета python3-pip. Выполните: sudo apt-get install python3-pip"
      return 1
    fi
    say "Устанавливаю пакет Debian: python3-pip"
    install python3-pip || { refresh && install python3-pip; } || {
      say "Пакет python3-pip не установился, проверьте сеть. apt-get ответил: $(last_line apt.log)"
      return 1
    }
  fi
  workdir
  say "Загружаю распознаватель: пакет Python vosk==$wheel_version (7 МБ)"
  if ! python3 -m pip download --quiet --no-deps --disable-pip-version-check \
    --dest "$work" "vosk==$wheel_version" >"$work/pip.log" 2>&1; then
    say "Пакет Python vosk==$wheel_version не загрузился, проверьте сеть. pip ответил: $(last_line pip.log)"
    return 1
  fi
  python3 -m zipfile -e "$work"/vosk-*.whl "$work/wheel"
  if ! right "$work/wheel/vosk/libvosk.so"; then
    say "Библиотека в пакете vosk==$wheel_version не та, что ожидалась (SHA-256 не совпал). Она не установлена."
    return 1
  fi
  mkdir -p "$prefix/lib"
  cp "$work/wheel/vosk/libvosk.so" "$library.new"
  mv -f "$library.new" "$library"
  : >"$checked"
}

voice=good
recognition=yes
recogniser || recognition=no
good_voice || voice=basic
[ "$voice" = good ] || [ "$(id -u)" -ne 0 ] || [ -n "$(find "$refused" -mmin -1440 2>/dev/null)" ] ||
  { mkdir -p "$prefix/lib" && : >"$refused"; }
# The basic voice is there in any case: it says what the good one cannot, and other languages.
basic_voice || [ "$voice" = good ] || voice=none

[ "$voice" != basic ] || say "Говорит базовый голос (espeak-ng): хороший голос RHVoice не установлен."
[ "$voice" != none ] || fail "Нет ни одного синтезатора речи: установите пакет rhvoice или espeak-ng."
[ "$recognition" = yes ] ||
  fail "Распознавания речи нет: сервер примет ответы только кнопками, пока не появится $library."
