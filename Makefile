# Two commands: `make run` starts the product, `make test` proves it. Each line is a command a
# person could type; both are idempotent and quick the second time.

CONFIG ?= liniya.toml
PREFIX := $(CURDIR)/var
export LINIYA_VOSK_LIBRARY ?= $(PREFIX)/lib/libvosk.so
# Node from PyPI, where the machine's own is too old (deploy/setup/console.sh).
export PATH := $(PREFIX)/node/bin:$(PATH)

.PHONY: run build setup console test setup-test check demo bench screenshots model clean

run: build
	target/release/liniya serve --config $(CONFIG)

build: setup console
	@echo "Собираю службу; в первый раз это несколько минут"
	cargo build --release --locked --quiet --bin liniya

setup:
	@deploy/setup/packages.sh run
	@deploy/setup/rust.sh run
	@deploy/setup/speech.sh $(PREFIX)

console:
	@deploy/setup/console.sh

# A real call by a real telephone (baresip) against the running server: needs `make run` elsewhere.
demo: setup-test
	var/phone/bin/python tests/kit/demo.py

test: setup setup-test console check
	@deploy/setup/nextest.sh

check:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked --quiet -- -D warnings
	cargo test --workspace --doc --locked --quiet
	cd server/console && npm run --silent check && npm run --silent test

setup-test:
	@deploy/setup/rust.sh test
	@deploy/setup/packages.sh test
	@deploy/setup/phone.sh $(PREFIX)/phone
	@deploy/setup/mail.sh $(PREFIX)/mail

screenshots: console
	@deploy/setup/packages.sh pictures
	python3 tests/kit/screenshots.py

bench: build setup-test
	cargo run --release --locked --quiet --package tests --bin bench

# The built-in acoustic model from nothing: three hours; MINUTES=1 only proves the way (docs/speech.md).
model: setup
	ivr/model/train/make.sh $(PREFIX)/model $(or $(MINUTES),90)

clean:
	cargo clean
	rm -rf server/console/node_modules server/console/dist
