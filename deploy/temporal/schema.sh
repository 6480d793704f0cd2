#!/bin/sh
# Brings both databases of Temporal to the schema of this image; again, it does nothing. The server and
# the password are in the environment (SQL_HOST and those beside it); the databases are there already.
set -eu

schemas=${TEMPORAL_SCHEMAS:-/etc/temporal/schema/postgresql/v12}

bring() {
  # Makes the table of versions where there is none, and leaves a newer version than 0.0 alone.
  temporal-sql-tool --database "$1" setup-schema --version 0.0
  temporal-sql-tool --database "$1" update-schema --schema-dir "$schemas/$2/versioned"
}

bring temporal temporal
bring temporal_visibility visibility
