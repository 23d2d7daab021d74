# `just` lists what there is.
_default:
    @just --list --unsorted

# Three machines for a minute: the main job
run *ARGS:
    cargo run --release -- {{ARGS}}

# All tests
test *ARGS:
    cargo test --workspace {{ARGS}}

# The exhaustive check of machine and journal within larger bounds: a few minutes
model-deep:
    OFFBEAT_MODEL=deep cargo test --release -p journal --test model -- --test-threads=1

# Formatting, lints and documentation, warnings as errors
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items

# Virtual runs with random networks and faults: 100,000 seeds, or as many as said
campaign SEEDS="25000" *ARGS:
    for machines in 2 3 4 5; do \
        cargo run --release -- simulate --seeds 1..{{SEEDS}} --machines $machines --faults random {{ARGS}} || exit; \
    done

# Production code broken on purpose: all must be caught, or those with WORD in their names
mutants WORD="all":
    OFFBEAT_MUTANTS={{quote(WORD)}} cargo test -p sim --test mutants mutants_are_caught -- --nocapture

# Real processes under kills, cuts, pauses and stops at random moments: a quarter of an hour
campaign-live *ARGS:
    OFFBEAT_CAMPAIGN=full cargo test -p orchestrator --test campaign -- --nocapture --skip soak {{ARGS}}

# Three machines under faults that never cease, for half an hour: memory and descriptors stay flat
soak:
    OFFBEAT_CAMPAIGN=full cargo test -p orchestrator --test campaign -- --nocapture soak

# What it costs beside the least that it can cost: a table; or these items alone
bench *ARGS:
    cargo build --release
    cargo run --release -p bench -- {{ARGS}}

# What single parts cost, by criterion: two minutes; or those with WORD in their names
bench-parts WORD="":
    cargo bench -p bench -- {{quote(WORD)}}

# Instructions that an event takes, against those written down; --write writes them
instructions *ARGS:
    cargo build --release
    .ci/instructions {{ARGS}}

# Judge the latest run, or the one in DIR
check *ARGS:
    cargo run --release -- check {{ARGS}}

# The events of the latest run, in order
log *ARGS:
    cargo run --release -- log {{ARGS}}

# One machine by hand, in a terminal of its own: just node 1
node ID *ARGS:
    cargo run --release -p node -- --config config/node-{{ID}}.toml {{ARGS}}

# Three machines in containers, and the verdict
compose *ARGS:
    #!/usr/bin/env bash
    set -euo pipefail
    mkdir -p runs/compose
    [ "$(id -u)" = 0 ] || export OFFBEAT_USER="$(id -u):$(id -g)"
    compose="docker compose"
    $compose version >/dev/null 2>&1 || compose=docker-compose
    $compose up {{ARGS}}
    cargo run --release -- check runs/compose

# Format everything
fmt:
    cargo fmt --all

# What the project holds every change to
ci:
    bash .ci/run

# A minute of fuzzing each; needs cargo-fuzz
fuzz SECONDS="60":
    for target in frames log logs config words; do \
        RUSTC_BOOTSTRAP=1 cargo fuzz run "$target" -- -max_total_time={{SECONDS}} -max_len=4096 || exit; \
    done
