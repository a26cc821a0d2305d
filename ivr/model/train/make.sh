#!/usr/bin/env bash
# Trains the built-in acoustic model from nothing on a fresh Debian 12 and measures it.
#   make.sh WORK MINUTES     WORK: a folder for some 12 GB; MINUTES of training (default 90)
#
# 1. Debian packages: the synthesisers, free text, recordings of people.  2. A Python environment.
# 3. Sentences, their phones, their synthesis, recordings.  4. Training.  5. The model as Kaldi
# files in WORK/ru-mini.  6. The report, WORK/report.md. What is there already is not made again, so
# a broken run goes on where it stopped; remove a folder of WORK to make it anew.
#
# The new model is put into ivr/model/ru-mini by hand, after a look at the report:
#   cp -r WORK/ru-mini/. ivr/model/ru-mini/ && cp WORK/report.md ivr/model/report.md
#
# With few MINUTES (up to 10) the corpus is small too: that proves the whole way in some minutes, and
# the model is useless. The full run takes about three hours on two cores: one and a half of
# synthesis, one and a half of training.
set -euo pipefail

work=$(realpath -m "${1:?folder for the work}")
minutes=${2:-90}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
sentences=31000 held_out=1000 how=
[ "${minutes%.*}" -gt 10 ] || sentences=400 held_out=60 how=quick
export OMP_NUM_THREADS=1 LINIYA_VOSK_LIBRARY=${LINIYA_VOSK_LIBRARY:-$root/var/lib/libvosk.so}

say() { echo "$(date +%H:%M) $*" >&2; }

fail() { echo "$*" >&2; exit 1; }

# --- packages --------------------------------------------------------------------------------------

tools="espeak-ng festival festvox-ru fortunes-ru hunspell-ru hunspell-tools librhvoice5 python3-venv
  rhvoice-russian"
speech="festvox-ru asterisk-core-sounds-ru-wav tuxpaint-stamps-default ktuberling-data"

packages() {
  "$root/deploy/setup/speech.sh" "$root/var"   # brings RHVoice's source of packages and libvosk
  local missing=() package
  for package in $tools; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  [ "$(id -u)" -eq 0 ] || fail "Нужны права root. Выполните: sudo apt-get install ${missing[*]}"
  say "Устанавливаю пакеты Debian: ${missing[*]}"
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" \
    >"$work/apt.log" 2>&1 || fail "apt-get ответил: $(tail -n 1 "$work/apt.log")"
}

# Recordings are only unpacked: what else those packages bring is not wanted.
recordings() {
  [ -e "$work/packages/done" ] && return
  say "Загружаю записи речи: $speech"
  mkdir -p "$work/packages/deb"
  # shellcheck disable=SC2086
  (cd "$work/packages/deb" && apt-get download $speech >"$work/apt.log" 2>&1) ||
    fail "apt-get ответил: $(tail -n 1 "$work/apt.log")"
  local deb
  for deb in "$work"/packages/deb/*.deb; do dpkg-deb -x "$deb" "$work/packages"; done
  touch "$work/packages/done"
}

python_environment() {
  [ -e "$work/python/done" ] && return
  say "Готовлю окружение Python (2,5 ГБ)"
  /usr/bin/python3 -m venv "$work/python"
  "$work/python/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
  touch "$work/python/done"
}

# --- the corpus ------------------------------------------------------------------------------------

step() { (cd "$here" && PYTHONDONTWRITEBYTECODE=1 "$work/python/bin/python" "$@"); }

text() {
  [ -e "$work/lexicon.tsv" ] && return
  say "Составляю тексты"
  step text.py "$sentences" 1 >"$work/train.txt"
  step text.py "$held_out" 77 >"$work/dev.txt"
  step recordings.py "$work/packages" "$work/people"
  step words.py "$work/train.txt" "$work/dev.txt" "$work/people" >"$work/words.txt"
  (cd "$root" && cargo run --quiet --locked --package ivr --example pronounce) \
    <"$work/words.txt" >"$work/lexicon.part"
  mv "$work/lexicon.part" "$work/lexicon.tsv"
}

synthesis() {
  [ -e "$work/speech/done" ] && return
  say "Озвучиваю $sentences фраз"
  local parts part running=()
  parts=$(nproc)
  for part in $(seq 0 $((parts - 1))); do
    step synthesise.py "$work/train.txt" "$work/speech/train" "$part" "$parts" 2>>"$work/left-out.log" &
    running+=($!)
  done
  for part in "${running[@]}"; do wait "$part"; done
  step synthesise.py "$work/dev.txt" "$work/speech/dev" 0 1 held-out 2>>"$work/left-out.log"
  step held_out.py "$work/people"
  touch "$work/speech/done"
}

# --- the model -------------------------------------------------------------------------------------

train() {
  [ -e "$work/network/done" ] && return
  say "Обучаю $minutes минут; ход виден в $work/network/train.log"
  step train.py --minutes "$minutes" --lexicon "$work/lexicon.tsv" --out "$work/network" \
    --corpus "$work/speech/train/*.npz" --corpus "$work/people/people-train*.npz:3" \
    --dev "$work/speech/dev/*.npz" --dev "$work/people/people-dev*.npz"
  touch "$work/network/done"
}

measure() {
  say "Записываю и измеряю модель"
  mkdir -p "$work/ru-mini/graph"
  cp "$here/../ru-mini/graph/phones.txt" "$work/ru-mini/graph/"
  step kaldi.py "$work/network/network.pt" "$work/ru-mini"
  (cd "$root" && cargo build --quiet --locked --package ivr --example recognise)
  step evaluate.py "$work/ru-mini" "${CARGO_TARGET_DIR:-$root/target}/debug/examples/recognise" \
    "$work/people" $how >"$work/report.part" 2>"$work/missed.txt"
  mv "$work/report.part" "$work/report.md"
}

mkdir -p "$work"
packages
recordings
python_environment
text
synthesis
train
measure
say "Готово: модель $work/ru-mini, отчёт $work/report.md"
