#!/usr/bin/env bash
# Runs every test of the workspace: by nextest where it is installed, else by cargo's own runner.
set -euo pipefail
if cargo nextest --version >/dev/null 2>&1; then
  exec cargo nextest run --workspace --locked --no-fail-fast
fi
exec cargo test --workspace --locked --no-fail-fast --tests -- --test-threads=1
