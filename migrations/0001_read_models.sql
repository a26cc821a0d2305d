-- Read models: a copy of the journal for reports. May be dropped at any time; it is rebuilt.
-- Portable SQL (SQLite, PostgreSQL): times are BIGINT microseconds since 1970-01-01 UTC, durations
-- BIGINT milliseconds, flags BIGINT 0/1, lists TEXT with a JSON array. No caller's number or words.

CREATE TABLE ingest (
    id         BIGINT NOT NULL PRIMARY KEY,
    last_seq   BIGINT NOT NULL,
    last_at    BIGINT NOT NULL
);

INSERT INTO ingest (id, last_seq, last_at) VALUES (1, 0, 0);

CREATE TABLE services (
    line       TEXT NOT NULL,
    service    TEXT NOT NULL,
    PRIMARY KEY (line, service)
);

CREATE TABLE calls (
    call_id            BIGINT NOT NULL PRIMARY KEY,
    line               TEXT NOT NULL,
    service_first      TEXT NOT NULL,
    service_final      TEXT NOT NULL,
    trunk              TEXT NOT NULL,
    arrived_at         BIGINT NOT NULL,
    connected_at       BIGINT,
    asked_at           BIGINT,
    answered_at        BIGINT,
    ended_at           BIGINT,
    wait_total_ms      BIGINT NOT NULL,
    wait_queue_ms      BIGINT NOT NULL,
    wait_ring_ms       BIGINT NOT NULL,
    talk_ms            BIGINT NOT NULL,
    hold_ms            BIGINT NOT NULL,
    held_since         BIGINT,
    operators          TEXT NOT NULL,
    offers             BIGINT NOT NULL,
    offers_missed      BIGINT NOT NULL,
    transfers          BIGINT NOT NULL,
    unanswered_cause   TEXT,
    end_cause          TEXT,
    assistant_script   TEXT,
    assistant_version  TEXT,
    assistant_outcome  TEXT,
    notice_played      BIGINT NOT NULL,
    outcome            TEXT,
    need               TEXT,
    client             TEXT,
    rating             BIGINT,
    rating_skipped     TEXT,
    script_version     TEXT,
    recordings         TEXT NOT NULL,
    received_packets   BIGINT NOT NULL,
    lost_packets       BIGINT NOT NULL
);

CREATE INDEX calls_by_arrival ON calls (arrived_at);
CREATE INDEX calls_by_asking ON calls (asked_at);

CREATE TABLE transfers (
    seq            BIGINT NOT NULL PRIMARY KEY,
    at             BIGINT NOT NULL,
    call_id        BIGINT NOT NULL,
    line           TEXT NOT NULL,
    service        TEXT NOT NULL,
    from_operator  TEXT NOT NULL,
    to_operator    TEXT,
    to_queue       TEXT,
    kind           TEXT NOT NULL
);

CREATE INDEX transfers_by_time ON transfers (at);

CREATE TABLE ratings (
    seq             BIGINT NOT NULL PRIMARY KEY,
    at              BIGINT NOT NULL,
    call_id         BIGINT NOT NULL,
    line            TEXT NOT NULL,
    service         TEXT NOT NULL,
    operator        TEXT NOT NULL,
    score           BIGINT,
    skipped         TEXT,
    scope           TEXT,
    script_version  TEXT
);

CREATE INDEX ratings_by_time ON ratings (at);

CREATE TABLE operator_intervals (
    seq        BIGINT NOT NULL,
    operator   TEXT NOT NULL,
    state      TEXT NOT NULL,
    reason     TEXT,
    ready      BIGINT NOT NULL,
    signed_in  BIGINT NOT NULL,
    call_id    BIGINT,
    from_at    BIGINT NOT NULL,
    to_at      BIGINT,
    PRIMARY KEY (seq, operator)
);

CREATE INDEX operator_intervals_by_operator ON operator_intervals (operator, from_at);
