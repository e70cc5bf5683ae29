#!/usr/bin/env bash
# The roles and the database of the central call log (src/central/README.md). The image of PostgreSQL runs this once, when it makes its files.
set -euo pipefail

psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username=postgres --dbname=postgres \
  --set=owner="$(cat "$OWNER_PASSWORD_FILE")" \
  --set=writer="$(cat "$WRITER_PASSWORD_FILE")" \
  --set=reader="$(cat "$READER_PASSWORD_FILE")" <<'SQL'
CREATE ROLE calls_owner LOGIN PASSWORD :'owner';
CREATE ROLE calls_writer LOGIN PASSWORD :'writer';
CREATE ROLE calls_reader LOGIN PASSWORD :'reader';
CREATE DATABASE calls OWNER calls_owner ENCODING 'UTF8' TEMPLATE template0;
SQL
