#!/usr/bin/env bash
# What the exporters and the page of a fleet may do with the tables of the central call log (src/central/README.md). Run as their owner.
set -euo pipefail

PGPASSWORD="$(cat "$OWNER_PASSWORD_FILE")" psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 <<'SQL'
GRANT INSERT ON calls, legs, missed_callers TO calls_writer;
GRANT SELECT ON call_keys TO calls_writer;
GRANT SELECT ON calls, legs, missed_callers, schema_version TO calls_reader;
SQL
