-- Roles, passwords and databases of a team's installation, by the superuser; again, it changes nothing
-- but passwords. Run by psql with the passwords in its environment:
--
--   psql --no-psqlrc --set=ON_ERROR_STOP=1 --file=databases.sql

\getenv temporal TEMPORAL_PASSWORD
\getenv owner PAWL_OWNER_PASSWORD
\getenv worker PAWL_WORKER_PASSWORD
\getenv operator PAWL_OPERATOR_PASSWORD
\getenv reader PAWL_READER_PASSWORD

-- Roles of the server: who owns the tables of the record, does stages, asks for runs, reads.
SELECT format('CREATE ROLE %I', name)
  FROM unnest(ARRAY['temporal', 'pawl_owner', 'pawl_worker', 'pawl_operator', 'pawl_reader'])
       AS role (name)
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec
ALTER ROLE temporal LOGIN PASSWORD :'temporal';
ALTER ROLE pawl_owner LOGIN PASSWORD :'owner';
ALTER ROLE pawl_worker LOGIN PASSWORD :'worker';
ALTER ROLE pawl_operator LOGIN PASSWORD :'operator';
ALTER ROLE pawl_reader LOGIN PASSWORD :'reader';
ALTER ROLE pawl_reader SET default_transaction_read_only = on;

-- Sorted by bytes, as the embedded database is: no library of the system decides the order of an index.
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING ''UTF8'' LOCALE ''C''', name, owner)
  FROM (VALUES ('temporal', 'temporal'), ('temporal_visibility', 'temporal'), ('pawl', 'pawl_owner'))
       AS wanted (name, owner)
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = name)
\gexec

-- Nobody else may look in.
REVOKE ALL ON DATABASE temporal, temporal_visibility, pawl FROM PUBLIC;
GRANT CONNECT ON DATABASE pawl TO pawl_worker, pawl_operator, pawl_reader;
