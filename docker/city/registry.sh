#!/bin/sh
# Run once, when PostgreSQL makes its data folder: the registry's database and its owner.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$(cat /run/secrets/registry-password)" -U postgres <<'SQL'
CREATE ROLE platetrail LOGIN PASSWORD :'password';
CREATE DATABASE platetrail OWNER platetrail ENCODING 'UTF8' TEMPLATE template0;
SQL
